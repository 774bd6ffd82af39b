//! As much of HTTP as serving files takes: one request a connection, so that nobody who keeps a
//! connection open keeps others waiting.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Longest head of a request, in bytes.
const MAX_HEAD: usize = 16 << 10;
const MAX_HEADERS: usize = 100;
/// How long a browser may think before it says what it wants.
const PATIENCE: Duration = Duration::from_secs(30);

/// What somebody asks for.
#[derive(Debug)]
pub struct Request {
    /// GET and so on.
    pub method: String,
    /// Path and query.
    pub url: String,
    /// The tag of what they have already.
    pub if_none_match: Option<String>,
}

impl Request {
    /// Reads the head of a request.
    pub fn read(stream: &mut TcpStream) -> io::Result<Self> {
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut head = Vec::new();
        let mut part = [0; 2048];
        loop {
            let count = stream.read(&mut part)?;
            if count == 0 || head.len() + count > MAX_HEAD {
                return Err(io::ErrorKind::InvalidData.into());
            }
            head.extend_from_slice(&part[..count]);
            if let Some(request) = Self::parse(&head)? {
                return Ok(request);
            }
        }
    }

    /// `None` as long as the head is not whole.
    fn parse(head: &[u8]) -> io::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let status = request.parse(head).map_err(|_| io::ErrorKind::InvalidData)?;
        let (httparse::Status::Complete(_), Some(method), Some(url)) =
            (status, request.method, request.path)
        else {
            return Ok(None);
        };
        let tag = request.headers.iter().find(|h| h.name.eq_ignore_ascii_case("If-None-Match"));
        Ok(Some(Self {
            method: method.to_owned(),
            url: url.to_owned(),
            if_none_match: tag.map(|tag| String::from_utf8_lossy(tag.value).into_owned()),
        }))
    }
}

/// Answers, and ends the connection.
pub fn respond(
    stream: &mut TcpStream,
    status: &str,
    headers: &[(&str, &str)],
    content: &[u8],
) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(content)?;
    stream.shutdown(Shutdown::Write)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_comes_in_pieces() -> io::Result<()> {
        let head = b"GET /a?b HTTP/1.1\r\nHost: x\r\nif-none-match: \"1\"\r\n\r\n";
        for cut in 0..head.len() {
            assert!(Request::parse(&head[..cut])?.is_none(), "{cut}");
        }
        let request = Request::parse(head)?.expect("all of it");
        assert_eq!((&*request.method, &*request.url), ("GET", "/a?b"));
        assert_eq!(request.if_none_match.as_deref(), Some("\"1\""));
        assert!(Request::parse(b"\x16\x03\x01 no HTTP\r\n\r\n").is_err());
        Ok(())
    }
}
