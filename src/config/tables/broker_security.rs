//! Security of brokers. The model has none; the keys are known all the same.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{
    Any, AtLeast, Between, NonNullText, OneOf, OneOfIgnoringCase,
};

rows! {
    ROWS:
    String "authorizer.class.name" = "" [NonNullText] Low None "";
    Int "connection.failed.authentication.delay.ms" = "100" [AtLeast(0)] Low Ms "";
    Long "connections.max.reauth.ms" = "0" [Any] Medium Ms "";
    Long "delegation.token.expiry.check.interval.ms" = "3600000" [AtLeast(1)] Low Ms "";
    Long "delegation.token.expiry.time.ms" = "86400000" [AtLeast(1)] Medium Ms "";
    Long "delegation.token.max.lifetime.ms" = "604800000" [AtLeast(1)] Medium Ms "";
    Password "delegation.token.secret.key" = null [Any] Medium None "";
    Class live "principal.builder.class" = "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder" [Any] Medium None
        "";
    Class "sasl.client.callback.handler.class" = null [Any] Medium None "";
    List live "sasl.enabled.mechanisms" = "GSSAPI" [ANY_LIST] Medium None "";
    Password live "sasl.jaas.config" = null [Any] Medium None "";
    String live "sasl.kerberos.kinit.cmd" = "/usr/bin/kinit" [Any] Medium None "";
    Long live "sasl.kerberos.min.time.before.relogin" = "60000" [Any] Medium Ms "";
    List live "sasl.kerberos.principal.to.local.rules" = "DEFAULT" [ANY_LIST] Medium None "";
    String live "sasl.kerberos.service.name" = null [Any] Medium None "";
    Double live "sasl.kerberos.ticket.renew.jitter" = "0.05" [Any] Medium Ratio "";
    Double live "sasl.kerberos.ticket.renew.window.factor" = "0.8" [Any] Medium Ratio "";
    Class "sasl.login.callback.handler.class" = null [Any] Medium None "";
    Class "sasl.login.class" = null [Any] Medium None "";
    Int "sasl.login.connect.timeout.ms" = null [Any] Low Ms "";
    Int "sasl.login.read.timeout.ms" = null [Any] Low Ms "";
    Short live "sasl.login.refresh.buffer.seconds" = "300" [Any] Medium Seconds "";
    Short live "sasl.login.refresh.min.period.seconds" = "60" [Any] Medium Seconds "";
    Double live "sasl.login.refresh.window.factor" = "0.8" [Any] Medium Ratio "";
    Double live "sasl.login.refresh.window.jitter" = "0.05" [Any] Medium Ratio "";
    Long "sasl.login.retry.backoff.max.ms" = "10000" [Any] Low Ms "";
    Long "sasl.login.retry.backoff.ms" = "100" [Any] Low Ms "";
    String "sasl.mechanism.controller.protocol" = "GSSAPI" [Any] High None "";
    String live "sasl.mechanism.inter.broker.protocol" = "GSSAPI" [Any] Medium None "";
    String "sasl.oauthbearer.assertion.algorithm" = "RS256" [OneOfIgnoringCase(&["ES256", "RS256"])] Medium None
        "";
    String "sasl.oauthbearer.assertion.claim.aud" = null [Any] Medium None "";
    Int "sasl.oauthbearer.assertion.claim.exp.seconds" = "300" [Between(0, 86_400)] Low Seconds "";
    String "sasl.oauthbearer.assertion.claim.iss" = null [Any] Medium None "";
    Boolean "sasl.oauthbearer.assertion.claim.jti.include" = "false" [Any] Medium None "";
    Int "sasl.oauthbearer.assertion.claim.nbf.seconds" = "60" [Between(0, 3600)] Low Seconds "";
    String "sasl.oauthbearer.assertion.claim.sub" = null [Any] Medium None "";
    String "sasl.oauthbearer.assertion.file" = null [Any] Medium None "";
    String "sasl.oauthbearer.assertion.private.key.file" = null [Any] Medium None "";
    Password "sasl.oauthbearer.assertion.private.key.passphrase" = null [Any] Medium None "";
    String "sasl.oauthbearer.assertion.template.file" = null [Any] Medium None "";
    String "sasl.oauthbearer.client.credentials.client.id" = null [Any] Medium None "";
    Password "sasl.oauthbearer.client.credentials.client.secret" = null [Any] Medium None "";
    Int "sasl.oauthbearer.clock.skew.seconds" = "30" [Any] Low Seconds "";
    List "sasl.oauthbearer.expected.audience" = "" [ANY_LIST] High None "";
    String "sasl.oauthbearer.expected.issuer" = null [Any] High None "";
    Long "sasl.oauthbearer.jwks.endpoint.refresh.ms" = "3600000" [Any] Low Ms "";
    Long "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms" = "10000" [Any] Low Ms "";
    Long "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms" = "100" [Any] Low Ms "";
    String "sasl.oauthbearer.jwks.endpoint.url" = null [Any] Medium None "";
    Class "sasl.oauthbearer.jwt.retriever.class" = "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever" [Any] Medium None
        "";
    Class "sasl.oauthbearer.jwt.validator.class" = "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator" [Any] Medium None
        "";
    String "sasl.oauthbearer.scope" = null [Any] Medium None "";
    String "sasl.oauthbearer.scope.claim.name" = "scope" [Any] Low None "";
    String "sasl.oauthbearer.sub.claim.name" = "sub" [Any] Low None "";
    String "sasl.oauthbearer.token.endpoint.url" = null [Any] Medium None "";
    Class "sasl.server.callback.handler.class" = null [Any] Medium None "";
    Int "sasl.server.max.receive.size" = "524288" [Any] Medium Bytes "";
    String "security.inter.broker.protocol" = "PLAINTEXT" [OneOf(&["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"])] Medium None
        "";
    String "security.providers" = null [Any] Low None "";
    Boolean "ssl.allow.dn.changes" = "false" [Any] Low None "";
    Boolean "ssl.allow.san.changes" = "false" [Any] Low None "";
    List live "ssl.cipher.suites" = "" [ANY_LIST] Medium None "";
    String live "ssl.client.auth" = "none" [OneOf(&["required", "requested", "none"])] Medium None "";
    List live "ssl.enabled.protocols" = "TLSv1.2,TLSv1.3" [ANY_LIST] Medium None "";
    String live "ssl.endpoint.identification.algorithm" = "https" [Any] Low None "";
    Class live "ssl.engine.factory.class" = null [Any] Low None "";
    Password live "ssl.key.password" = null [Any] Medium None "";
    String live "ssl.keymanager.algorithm" = "SunX509" [Any] Medium None "";
    Password live "ssl.keystore.certificate.chain" = null [Any] Medium None "";
    Password live "ssl.keystore.key" = null [Any] Medium None "";
    String live "ssl.keystore.location" = null [Any] Medium None "";
    Password live "ssl.keystore.password" = null [Any] Medium None "";
    String live "ssl.keystore.type" = "JKS" [Any] Medium None "";
    String live "ssl.principal.mapping.rules" = "DEFAULT" [Any] Low None "";
    String live "ssl.protocol" = "TLSv1.3" [Any] Medium None "";
    String live "ssl.provider" = null [Any] Medium None "";
    String live "ssl.secure.random.implementation" = null [Any] Low None "";
    String live "ssl.trustmanager.algorithm" = "PKIX" [Any] Medium None "";
    Password live "ssl.truststore.certificates" = null [Any] Medium None "";
    String live "ssl.truststore.location" = null [Any] Medium None "";
    Password live "ssl.truststore.password" = null [Any] Medium None "";
    String live "ssl.truststore.type" = "JKS" [Any] Medium None "";
}
