//! The SSL configs of every client. The model has no security; these are
//! here so that a key is known, with its type and default.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::Any;

rows! {
    CLIENT:
    List "ssl.cipher.suites" = "" [ANY_LIST] Low None "Cipher suites to choose from";
    List "ssl.enabled.protocols" = "TLSv1.2,TLSv1.3" [ANY_LIST] Medium None "TLS versions to choose from";
    String "ssl.endpoint.identification.algorithm" = "https" [Any] Low None
        "How a server's name is checked against its certificate";
    Class "ssl.engine.factory.class" = null [Any] Low None "Class that makes TLS engines";
    Password "ssl.key.password" = null [Any] High None "Password of the private key";
    String "ssl.keymanager.algorithm" = "SunX509" [Any] Low None "Algorithm of the key manager";
    Password "ssl.keystore.certificate.chain" = null [Any] High None "Certificate chain, in PEM format";
    Password "ssl.keystore.key" = null [Any] High None "Private key, in PEM format";
    String "ssl.keystore.location" = null [Any] High None "File with the key";
    Password "ssl.keystore.password" = null [Any] High None "Password of that file";
    String "ssl.keystore.type" = "JKS" [Any] Medium None "Format of that file";
    String "ssl.protocol" = "TLSv1.3" [Any] Medium None "TLS version to begin with";
    String "ssl.provider" = null [Any] Medium None "Java provider of TLS";
    String "ssl.secure.random.implementation" = null [Any] Low None "Source of random numbers";
    String "ssl.trustmanager.algorithm" = "PKIX" [Any] Low None "Algorithm of the trust manager";
    Password "ssl.truststore.certificates" = null [Any] High None "Trusted certificates, in PEM format";
    String "ssl.truststore.location" = null [Any] High None "File with trusted certificates";
    Password "ssl.truststore.password" = null [Any] High None "Password of that file";
    String "ssl.truststore.type" = "JKS" [Any] Medium None "Format of that file";
}
