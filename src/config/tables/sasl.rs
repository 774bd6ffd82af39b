//! The SASL configs of every client. The model has no security; these are
//! here so that a key is known, with its type and default.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, Between, BetweenDecimals, OneOfIgnoringCase};

rows! {
    CLIENT:
    Class "sasl.client.callback.handler.class" = null [Any] Medium None;
    Password "sasl.jaas.config" = null [Any] Medium None;
    String "sasl.kerberos.kinit.cmd" = "/usr/bin/kinit" [Any] Low None;
    Long "sasl.kerberos.min.time.before.relogin" = "60000" [Any] Low Ms;
    String "sasl.kerberos.service.name" = null [Any] Medium None;
    Double "sasl.kerberos.ticket.renew.jitter" = "0.05" [Any] Low Ratio;
    Double "sasl.kerberos.ticket.renew.window.factor" = "0.8" [Any] Low Ratio;
    Class "sasl.login.callback.handler.class" = null [Any] Medium None;
    Class "sasl.login.class" = null [Any] Medium None;
    Int "sasl.login.connect.timeout.ms" = null [Any] Low Ms;
    Int "sasl.login.read.timeout.ms" = null [Any] Low Ms;
    Short "sasl.login.refresh.buffer.seconds" = "300" [Between(0, 3600)] Low Seconds;
    Short "sasl.login.refresh.min.period.seconds" = "60" [Between(0, 900)] Low Seconds;
    Double "sasl.login.refresh.window.factor" = "0.8" [BetweenDecimals("0.5", "1.0")] Low Ratio;
    Double "sasl.login.refresh.window.jitter" = "0.05" [BetweenDecimals("0.0", "0.25")] Low Ratio;
    Long "sasl.login.retry.backoff.max.ms" = "10000" [Any] Low Ms;
    Long "sasl.login.retry.backoff.ms" = "100" [Any] Low Ms;
    String "sasl.mechanism" = "GSSAPI" [Any] Medium None;
    String "sasl.oauthbearer.assertion.algorithm" = "RS256" [OneOfIgnoringCase(&["ES256", "RS256"])] Medium None;
    String "sasl.oauthbearer.assertion.claim.aud" = null [Any] Medium None;
    Int "sasl.oauthbearer.assertion.claim.exp.seconds" = "300" [Between(0, 86_400)] Low Seconds;
    String "sasl.oauthbearer.assertion.claim.iss" = null [Any] Medium None;
    Boolean "sasl.oauthbearer.assertion.claim.jti.include" = "false" [Any] Medium None;
    Int "sasl.oauthbearer.assertion.claim.nbf.seconds" = "60" [Between(0, 3600)] Low Seconds;
    String "sasl.oauthbearer.assertion.claim.sub" = null [Any] Medium None;
    String "sasl.oauthbearer.assertion.file" = null [Any] Medium None;
    String "sasl.oauthbearer.assertion.private.key.file" = null [Any] Medium None;
    Password "sasl.oauthbearer.assertion.private.key.passphrase" = null [Any] Medium None;
    String "sasl.oauthbearer.assertion.template.file" = null [Any] Medium None;
    String "sasl.oauthbearer.client.credentials.client.id" = null [Any] Medium None;
    Password "sasl.oauthbearer.client.credentials.client.secret" = null [Any] Medium None;
    Int "sasl.oauthbearer.clock.skew.seconds" = "30" [Any] Low Seconds;
    List "sasl.oauthbearer.expected.audience" = "" [ANY_LIST] High None;
    String "sasl.oauthbearer.expected.issuer" = null [Any] High None;
    Boolean "sasl.oauthbearer.header.urlencode" = "false" [Any] Low None;
    Long "sasl.oauthbearer.jwks.endpoint.refresh.ms" = "3600000" [Any] Low Ms;
    Long "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms" = "10000" [Any] Low Ms;
    Long "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms" = "100" [Any] Low Ms;
    String "sasl.oauthbearer.jwks.endpoint.url" = null [Any] Medium None;
    Class "sasl.oauthbearer.jwt.retriever.class" = "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever" [Any] Medium None;
    Class "sasl.oauthbearer.jwt.validator.class" = "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator" [Any] Medium None;
    String "sasl.oauthbearer.scope" = null [Any] Medium None;
    String "sasl.oauthbearer.scope.claim.name" = "scope" [Any] Low None;
    String "sasl.oauthbearer.sub.claim.name" = "sub" [Any] Low None;
    String "sasl.oauthbearer.token.endpoint.url" = null [Any] Medium None;
}
