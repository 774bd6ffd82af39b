//! Security of brokers. The model has none; the keys are known all the same.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, AtLeast, NonNullText, OneOf};

rows! {
    ROWS:
    String "authorizer.class.name" = "" [NonNullText] Low None "Class that says who may do what";
    Int "connection.failed.authentication.delay.ms" = "100" [AtLeast(0)] Low Ms
        "How long a connection is held after failed authentication";
    Long "connections.max.reauth.ms" = "0" [Any] Medium Ms
        "How long a SASL session lasts; 0 does not limit it";
    Long "delegation.token.expiry.check.interval.ms" = "3600000" [AtLeast(1)] Low Ms
        "How often expired delegation tokens are removed";
    Long "delegation.token.expiry.time.ms" = "86400000" [AtLeast(1)] Medium Ms
        "How long a delegation token lasts unless renewed";
    Long "delegation.token.max.lifetime.ms" = "604800000" [AtLeast(1)] Medium Ms
        "How long a delegation token lasts at most";
    Password "delegation.token.secret.key" = null [Any] Medium None
        "Secret that delegation tokens are made with";
    Class live "principal.builder.class" = "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder" [Any] Medium None
        "Class that says who a connection is";
    shared "sasl.client.callback.handler.class";
    List live "sasl.enabled.mechanisms" = "GSSAPI" [ANY_LIST] Medium None "SASL mechanisms a broker accepts";
    shared live "sasl.jaas.config";
    shared live medium "sasl.kerberos.kinit.cmd";
    shared live medium "sasl.kerberos.min.time.before.relogin";
    List live "sasl.kerberos.principal.to.local.rules" = "DEFAULT" [ANY_LIST] Medium None
        "How principal names become short names";
    shared live "sasl.kerberos.service.name";
    shared live medium "sasl.kerberos.ticket.renew.jitter";
    shared live medium "sasl.kerberos.ticket.renew.window.factor";
    shared "sasl.login.callback.handler.class";
    shared "sasl.login.class";
    shared "sasl.login.connect.timeout.ms";
    shared "sasl.login.read.timeout.ms";
    Short live "sasl.login.refresh.buffer.seconds" = "300" [Any] Medium Seconds
        "How long before it expires a credential is refreshed";
    Short live "sasl.login.refresh.min.period.seconds" = "60" [Any] Medium Seconds
        "How long to wait before a credential is refreshed";
    Double live "sasl.login.refresh.window.factor" = "0.8" [Any] Medium Ratio
        "At which share of its life a credential is refreshed";
    Double live "sasl.login.refresh.window.jitter" = "0.05" [Any] Medium Ratio
        "Random part of the time of a credential's refresh";
    shared "sasl.login.retry.backoff.max.ms";
    shared "sasl.login.retry.backoff.ms";
    String "sasl.mechanism.controller.protocol" = "GSSAPI" [Any] High None
        "SASL mechanism towards controllers";
    String live "sasl.mechanism.inter.broker.protocol" = "GSSAPI" [Any] Medium None
        "SASL mechanism between brokers";
    shared "sasl.oauthbearer.assertion.algorithm";
    shared "sasl.oauthbearer.assertion.claim.aud";
    shared "sasl.oauthbearer.assertion.claim.exp.seconds";
    shared "sasl.oauthbearer.assertion.claim.iss";
    shared "sasl.oauthbearer.assertion.claim.jti.include";
    shared "sasl.oauthbearer.assertion.claim.nbf.seconds";
    shared "sasl.oauthbearer.assertion.claim.sub";
    shared "sasl.oauthbearer.assertion.file";
    shared "sasl.oauthbearer.assertion.private.key.file";
    shared "sasl.oauthbearer.assertion.private.key.passphrase";
    shared "sasl.oauthbearer.assertion.template.file";
    shared "sasl.oauthbearer.client.credentials.client.id";
    shared "sasl.oauthbearer.client.credentials.client.secret";
    shared "sasl.oauthbearer.clock.skew.seconds";
    shared "sasl.oauthbearer.expected.audience";
    shared "sasl.oauthbearer.expected.issuer";
    shared "sasl.oauthbearer.jwks.endpoint.refresh.ms";
    shared "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms";
    shared "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms";
    shared "sasl.oauthbearer.jwks.endpoint.url";
    shared "sasl.oauthbearer.jwt.retriever.class";
    shared "sasl.oauthbearer.jwt.validator.class";
    shared "sasl.oauthbearer.scope";
    shared "sasl.oauthbearer.scope.claim.name";
    shared "sasl.oauthbearer.sub.claim.name";
    shared "sasl.oauthbearer.token.endpoint.url";
    Class "sasl.server.callback.handler.class" = null [Any] Medium None "Callback handler of SASL servers";
    Int "sasl.server.max.receive.size" = "524288" [Any] Medium Bytes
        "The largest SASL message a server takes";
    String "security.inter.broker.protocol" = "PLAINTEXT" [OneOf(&["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"])] Medium None
        "Security protocol between brokers";
    shared "security.providers";
    Boolean "ssl.allow.dn.changes" = "false" [Any] Low None
        "Allow a new certificate another distinguished name";
    Boolean "ssl.allow.san.changes" = "false" [Any] Low None "Allow a new certificate other host names";
    shared live medium "ssl.cipher.suites";
    String live "ssl.client.auth" = "none" [OneOf(&["required", "requested", "none"])] Medium None
        "Whether clients have to show a certificate";
    shared live "ssl.enabled.protocols";
    shared live "ssl.endpoint.identification.algorithm";
    shared live "ssl.engine.factory.class";
    shared live medium "ssl.key.password";
    shared live medium "ssl.keymanager.algorithm";
    shared live medium "ssl.keystore.certificate.chain";
    shared live medium "ssl.keystore.key";
    shared live medium "ssl.keystore.location";
    shared live medium "ssl.keystore.password";
    shared live "ssl.keystore.type";
    String live "ssl.principal.mapping.rules" = "DEFAULT" [Any] Low None
        "How a certificate's name becomes a principal";
    shared live "ssl.protocol";
    shared live "ssl.provider";
    shared live "ssl.secure.random.implementation";
    shared live medium "ssl.trustmanager.algorithm";
    shared live medium "ssl.truststore.certificates";
    shared live medium "ssl.truststore.location";
    shared live medium "ssl.truststore.password";
    shared live "ssl.truststore.type";
}
