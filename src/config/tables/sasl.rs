//! The SASL configs of every client. The model has no security; these are
//! here so that a key is known, with its type and default.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, Between, BetweenDecimals, OneOfIgnoringCase};

rows! {
    CLIENT:
    Class "sasl.client.callback.handler.class" = null [Any] Medium None "Callback handler of SASL clients";
    Password "sasl.jaas.config" = null [Any] Medium None "Login configuration, in JAAS format";
    String "sasl.kerberos.kinit.cmd" = "/usr/bin/kinit" [Any] Low None "Path of kinit";
    Long "sasl.kerberos.min.time.before.relogin" = "60000" [Any] Low Ms
        "How long to sleep between attempts to refresh a ticket";
    String "sasl.kerberos.service.name" = null [Any] Medium None "Kerberos principal that Kafka runs as";
    Double "sasl.kerberos.ticket.renew.jitter" = "0.05" [Any] Low Ratio
        "Random part of the time of a ticket's renewal";
    Double "sasl.kerberos.ticket.renew.window.factor" = "0.8" [Any] Low Ratio
        "At which share of its life a ticket is renewed";
    Class "sasl.login.callback.handler.class" = null [Any] Medium None "Callback handler of logins";
    Class "sasl.login.class" = null [Any] Medium None "Class that logs in";
    Int "sasl.login.connect.timeout.ms" = null [Any] Low Ms
        "How long connecting to the login provider may take";
    Int "sasl.login.read.timeout.ms" = null [Any] Low Ms "How long reading from the login provider may take";
    Short "sasl.login.refresh.buffer.seconds" = "300" [Between(0, 3600)] Low Seconds
        "How long before it expires a credential is refreshed";
    Short "sasl.login.refresh.min.period.seconds" = "60" [Between(0, 900)] Low Seconds
        "How long to wait before a credential is refreshed";
    Double "sasl.login.refresh.window.factor" = "0.8" [BetweenDecimals("0.5", "1.0")] Low Ratio
        "At which share of its life a credential is refreshed";
    Double "sasl.login.refresh.window.jitter" = "0.05" [BetweenDecimals("0.0", "0.25")] Low Ratio
        "Random part of the time of a credential's refresh";
    Long "sasl.login.retry.backoff.max.ms" = "10000" [Any] Low Ms
        "The longest wait between attempts to log in";
    Long "sasl.login.retry.backoff.ms" = "100" [Any] Low Ms "How long to wait before logging in again";
    String "sasl.mechanism" = "GSSAPI" [Any] Medium None "How a client proves who it is";
    String "sasl.oauthbearer.assertion.algorithm" = "RS256" [OneOfIgnoringCase(&["ES256", "RS256"])] Medium None
        "How an assertion is signed";
    String "sasl.oauthbearer.assertion.claim.aud" = null [Any] Medium None "Audience of an assertion";
    Int "sasl.oauthbearer.assertion.claim.exp.seconds" = "300" [Between(0, 86_400)] Low Seconds
        "How long an assertion is valid";
    String "sasl.oauthbearer.assertion.claim.iss" = null [Any] Medium None "Issuer of an assertion";
    Boolean "sasl.oauthbearer.assertion.claim.jti.include" = "false" [Any] Medium None
        "Give every assertion an id";
    Int "sasl.oauthbearer.assertion.claim.nbf.seconds" = "60" [Between(0, 3600)] Low Seconds
        "How far back an assertion's validity begins";
    String "sasl.oauthbearer.assertion.claim.sub" = null [Any] Medium None "Subject of an assertion";
    String "sasl.oauthbearer.assertion.file" = null [Any] Medium None "File with a ready-made assertion";
    String "sasl.oauthbearer.assertion.private.key.file" = null [Any] Medium None "Key that signs assertions";
    Password "sasl.oauthbearer.assertion.private.key.passphrase" = null [Any] Medium None
        "Passphrase of that key";
    String "sasl.oauthbearer.assertion.template.file" = null [Any] Medium None
        "File with claims for assertions";
    String "sasl.oauthbearer.client.credentials.client.id" = null [Any] Medium None
        "Client id towards the identity provider";
    Password "sasl.oauthbearer.client.credentials.client.secret" = null [Any] Medium None
        "Client secret towards the identity provider";
    Int "sasl.oauthbearer.clock.skew.seconds" = "30" [Any] Low Seconds "How far clocks may differ";
    List "sasl.oauthbearer.expected.audience" = "" [ANY_LIST] High None "Audiences a token may be for";
    String "sasl.oauthbearer.expected.issuer" = null [Any] High None "Issuer a token has to be from";
    Boolean "sasl.oauthbearer.header.urlencode" = "false" [Any] Low None
        "Encode credentials in the header as in a URL";
    Long "sasl.oauthbearer.jwks.endpoint.refresh.ms" = "3600000" [Any] Low Ms
        "How often the provider's keys are read anew";
    Long "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms" = "10000" [Any] Low Ms
        "The longest wait between attempts to read the keys";
    Long "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms" = "100" [Any] Low Ms
        "How long to wait before reading the keys again";
    String "sasl.oauthbearer.jwks.endpoint.url" = null [Any] Medium None "Where the provider's keys are";
    Class "sasl.oauthbearer.jwt.retriever.class" = "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever" [Any] Medium None
        "Class that fetches tokens";
    Class "sasl.oauthbearer.jwt.validator.class" = "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator" [Any] Medium None
        "Class that checks tokens";
    String "sasl.oauthbearer.scope" = null [Any] Medium None "Scope that is asked for";
    String "sasl.oauthbearer.scope.claim.name" = "scope" [Any] Low None
        "Name of the claim that holds the scope";
    String "sasl.oauthbearer.sub.claim.name" = "sub" [Any] Low None
        "Name of the claim that holds the subject";
    String "sasl.oauthbearer.token.endpoint.url" = null [Any] Medium None "Where tokens are issued";
}
