//! Security of brokers. The model has none; the keys are known all the same.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{
    Any, AtLeast, Between, NonNullText, OneOf, OneOfIgnoringCase,
};

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
    Class "sasl.client.callback.handler.class" = null [Any] Medium None "Callback handler of SASL clients";
    List live "sasl.enabled.mechanisms" = "GSSAPI" [ANY_LIST] Medium None "SASL mechanisms a broker accepts";
    Password live "sasl.jaas.config" = null [Any] Medium None "Login configuration, in JAAS format";
    String live "sasl.kerberos.kinit.cmd" = "/usr/bin/kinit" [Any] Medium None "Path of kinit";
    Long live "sasl.kerberos.min.time.before.relogin" = "60000" [Any] Medium Ms
        "How long to sleep between attempts to refresh a ticket";
    List live "sasl.kerberos.principal.to.local.rules" = "DEFAULT" [ANY_LIST] Medium None
        "How principal names become short names";
    String live "sasl.kerberos.service.name" = null [Any] Medium None "Kerberos principal that Kafka runs as";
    Double live "sasl.kerberos.ticket.renew.jitter" = "0.05" [Any] Medium Ratio
        "Random part of the time of a ticket's renewal";
    Double live "sasl.kerberos.ticket.renew.window.factor" = "0.8" [Any] Medium Ratio
        "At which share of its life a ticket is renewed";
    Class "sasl.login.callback.handler.class" = null [Any] Medium None "Callback handler of logins";
    Class "sasl.login.class" = null [Any] Medium None "Class that logs in";
    Int "sasl.login.connect.timeout.ms" = null [Any] Low Ms
        "How long connecting to the login provider may take";
    Int "sasl.login.read.timeout.ms" = null [Any] Low Ms "How long reading from the login provider may take";
    Short live "sasl.login.refresh.buffer.seconds" = "300" [Any] Medium Seconds
        "How long before it expires a credential is refreshed";
    Short live "sasl.login.refresh.min.period.seconds" = "60" [Any] Medium Seconds
        "How long to wait before a credential is refreshed";
    Double live "sasl.login.refresh.window.factor" = "0.8" [Any] Medium Ratio
        "At which share of its life a credential is refreshed";
    Double live "sasl.login.refresh.window.jitter" = "0.05" [Any] Medium Ratio
        "Random part of the time of a credential's refresh";
    Long "sasl.login.retry.backoff.max.ms" = "10000" [Any] Low Ms
        "The longest wait between attempts to log in";
    Long "sasl.login.retry.backoff.ms" = "100" [Any] Low Ms "How long to wait before logging in again";
    String "sasl.mechanism.controller.protocol" = "GSSAPI" [Any] High None
        "SASL mechanism towards controllers";
    String live "sasl.mechanism.inter.broker.protocol" = "GSSAPI" [Any] Medium None
        "SASL mechanism between brokers";
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
    Class "sasl.server.callback.handler.class" = null [Any] Medium None "Callback handler of SASL servers";
    Int "sasl.server.max.receive.size" = "524288" [Any] Medium Bytes
        "The largest SASL message a server takes";
    String "security.inter.broker.protocol" = "PLAINTEXT" [OneOf(&["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"])] Medium None
        "Security protocol between brokers";
    String "security.providers" = null [Any] Low None "Java security providers";
    Boolean "ssl.allow.dn.changes" = "false" [Any] Low None
        "Allow a new certificate another distinguished name";
    Boolean "ssl.allow.san.changes" = "false" [Any] Low None "Allow a new certificate other host names";
    List live "ssl.cipher.suites" = "" [ANY_LIST] Medium None "Cipher suites to choose from";
    String live "ssl.client.auth" = "none" [OneOf(&["required", "requested", "none"])] Medium None
        "Whether clients have to show a certificate";
    List live "ssl.enabled.protocols" = "TLSv1.2,TLSv1.3" [ANY_LIST] Medium None
        "TLS versions to choose from";
    String live "ssl.endpoint.identification.algorithm" = "https" [Any] Low None
        "How a server's name is checked against its certificate";
    Class live "ssl.engine.factory.class" = null [Any] Low None "Class that makes TLS engines";
    Password live "ssl.key.password" = null [Any] Medium None "Password of the private key";
    String live "ssl.keymanager.algorithm" = "SunX509" [Any] Medium None "Algorithm of the key manager";
    Password live "ssl.keystore.certificate.chain" = null [Any] Medium None
        "Certificate chain, in PEM format";
    Password live "ssl.keystore.key" = null [Any] Medium None "Private key, in PEM format";
    String live "ssl.keystore.location" = null [Any] Medium None "File with the key";
    Password live "ssl.keystore.password" = null [Any] Medium None "Password of that file";
    String live "ssl.keystore.type" = "JKS" [Any] Medium None "Format of that file";
    String live "ssl.principal.mapping.rules" = "DEFAULT" [Any] Low None
        "How a certificate's name becomes a principal";
    String live "ssl.protocol" = "TLSv1.3" [Any] Medium None "TLS version to begin with";
    String live "ssl.provider" = null [Any] Medium None "Java provider of TLS";
    String live "ssl.secure.random.implementation" = null [Any] Low None "Source of random numbers";
    String live "ssl.trustmanager.algorithm" = "PKIX" [Any] Medium None "Algorithm of the trust manager";
    Password live "ssl.truststore.certificates" = null [Any] Medium None
        "Trusted certificates, in PEM format";
    String live "ssl.truststore.location" = null [Any] Medium None "File with trusted certificates";
    Password live "ssl.truststore.password" = null [Any] Medium None "Password of that file";
    String live "ssl.truststore.type" = "JKS" [Any] Medium None "Format of that file";
}
