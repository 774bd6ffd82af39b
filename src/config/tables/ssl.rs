//! The SSL configs of every client. The model has no security; these are
//! here so that a key is known, with its type and default.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::Any;

rows! {
    CLIENT:
    List "ssl.cipher.suites" = "" [ANY_LIST] Low None;
    List "ssl.enabled.protocols" = "TLSv1.2,TLSv1.3" [ANY_LIST] Medium None;
    String "ssl.endpoint.identification.algorithm" = "https" [Any] Low None;
    Class "ssl.engine.factory.class" = null [Any] Low None;
    Password "ssl.key.password" = null [Any] High None;
    String "ssl.keymanager.algorithm" = "SunX509" [Any] Low None;
    Password "ssl.keystore.certificate.chain" = null [Any] High None;
    Password "ssl.keystore.key" = null [Any] High None;
    String "ssl.keystore.location" = null [Any] High None;
    Password "ssl.keystore.password" = null [Any] High None;
    String "ssl.keystore.type" = "JKS" [Any] Medium None;
    String "ssl.protocol" = "TLSv1.3" [Any] Medium None;
    String "ssl.provider" = null [Any] Medium None;
    String "ssl.secure.random.implementation" = null [Any] Low None;
    String "ssl.trustmanager.algorithm" = "PKIX" [Any] Low None;
    Password "ssl.truststore.certificates" = null [Any] High None;
    String "ssl.truststore.location" = null [Any] High None;
    Password "ssl.truststore.password" = null [Any] High None;
    String "ssl.truststore.type" = "JKS" [Any] Medium None;
}
