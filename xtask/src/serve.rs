//! A small server for the built page, for this machine only.

use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use crate::http::{self, Request};
use crate::{page, tools};

const PORT: u16 = 8080;
/// How many ports after the usual one are tried.
const TRIES: u16 = 50;

/// A page that is being served; it ends with the program.
#[derive(Debug)]
pub struct Serving {
    /// The address to open.
    pub url: String,
    thread: thread::JoinHandle<()>,
}

/// Builds the page and serves it until interrupted.
pub fn play(port: Option<u16>) -> Result<()> {
    // The port first: one that is in use should be said before a long build.
    let listener = listen(port)?;
    let serving = start(listener, page::build(page::Finish::Quick)?, "/")?;
    println!("\nHighwater is at  {}  (Ctrl-C ends it)", serving.url);
    serving.thread.join().map_err(|_| anyhow!("the server broke down"))
}

/// Serves a folder in the background on any free port, below a path of the host: a page that
/// works there works anywhere.
pub fn background(dir: PathBuf, below: &str) -> Result<Serving> {
    start(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?, dir, below)
}

/// Takes the port that was asked for, or else the usual one or the next that is free.
fn listen(asked: Option<u16>) -> Result<TcpListener> {
    if let Some(port) = asked {
        return bind(port)?.with_context(|| {
            format!("port {port} is in use by another program; choose another with --port")
        });
    }
    for port in PORT..PORT + TRIES {
        if let Some(listener) = bind(port)? {
            if port != PORT {
                println!("port {PORT} is in use: taking {port}");
            }
            return Ok(listener);
        }
    }
    bail!("ports {PORT} to {} are all in use; choose another with --port", PORT + TRIES - 1)
}

/// The port's listener, or nothing when the port is in use.
fn bind(port: u16) -> Result<Option<TcpListener>> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot listen on port {port}")),
    }
}

fn start(listener: TcpListener, dir: PathBuf, below: &str) -> Result<Serving> {
    let url = format!("http://{}{below}", listener.local_addr()?);
    let dir = dir.canonicalize().with_context(|| format!("no page at {}", dir.display()))?;
    let below = below.to_owned();
    let thread = thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (dir, below) = (dir.clone(), below.clone());
            // A browser that has gone away is no concern of ours.
            thread::spawn(move || drop(answer(stream, &dir, &below)));
        }
    });
    Ok(Serving { url, thread })
}

fn answer(mut stream: TcpStream, dir: &Path, below: &str) -> std::io::Result<()> {
    let request = Request::read(&mut stream)?;
    let is_head = request.method == "HEAD";
    if !is_head && request.method != "GET" {
        return http::respond(&mut stream, "405 Method Not Allowed", &[], b"method not allowed");
    }
    let found = resolve(&request.url, below)
        .and_then(|path| locate(dir, &path))
        .and_then(|path| fs::read(&path).ok().map(|content| (path, content)));
    let Some((path, content)) = found else {
        return http::respond(&mut stream, "404 Not Found", &[], b"not found");
    };
    let tag = format!("\"{}\"", tools::fingerprint(&content));
    let length = content.len().to_string();
    let mut headers = vec![
        ("Content-Type", mime(&path)),
        ("ETag", tag.as_str()),
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
    ];
    if request.if_none_match.as_ref() == Some(&tag) {
        return http::respond(&mut stream, "304 Not Modified", &headers, b"");
    }
    headers.push(("Content-Length", &length));
    http::respond(&mut stream, "200 OK", &headers, if is_head { b"" } else { &content })
}

/// The relative path that an address asks for, when it is one that may be served.
fn resolve(url: &str, below: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(below)?;
    let path = percent_decode(path)?;
    if path.contains(['\\', '\0', ':']) {
        return None;
    }
    let mut clean = PathBuf::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            part => clean.push(part),
        }
    }
    Some(clean)
}

/// The file at a relative path, when it is inside the folder however it got there.
fn locate(dir: &Path, path: &Path) -> Option<PathBuf> {
    let mut path = dir.join(path).canonicalize().ok()?;
    if path.is_dir() {
        path = path.join("index.html").canonicalize().ok()?;
    }
    path.starts_with(dir).then_some(path)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        Some("txt" | "md" | "toml" | "ftl" | "properties") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::time::Duration;

    #[test]
    fn no_address_leads_out_of_the_folder() {
        assert_eq!(resolve("/a/b.js?x=../..", "/"), Some("a/b.js".into()));
        assert_eq!(resolve("//etc/passwd", "/"), Some("etc/passwd".into()));
        assert_eq!(resolve("/sub/a%20b.js", "/sub/"), Some("a b.js".into()));
        for url in
            ["/../x", "/a/../../x", "/%2e%2e/x", "/..%2fx", "/a\\..\\x", "/c:/x", "/%00", "/%2"]
        {
            assert_eq!(resolve(url, "/"), None, "{url}");
        }
        assert_eq!(resolve("/a.js", "/sub/"), None);
    }

    #[test]
    fn a_busy_port_is_an_error_only_when_it_was_asked_for() -> Result<()> {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = taken.local_addr()?.port();
        let error = listen(Some(port)).expect_err("the port is taken");
        assert!(error.to_string().contains(&port.to_string()));
        let usual = bind(PORT)?;
        let other = listen(None)?.local_addr()?.port();
        assert_ne!(other, PORT);
        drop(usual);
        Ok(())
    }

    #[test]
    fn a_folder_is_served_with_types_and_tags() -> Result<()> {
        let dir = std::env::temp_dir().join(format!("highwater-serve-{}", std::process::id()));
        fs::create_dir_all(&dir)?;
        fs::write(dir.join("index.html"), "hello")?;
        fs::write(dir.join("a.wasm"), "w")?;
        let serving = background(dir.clone(), "/sub/")?;
        let host = serving.url.trim_start_matches("http://").trim_end_matches("/sub/").to_owned();
        let ask = |line: &str, extra: &str| -> Result<String> {
            let mut stream = TcpStream::connect(&host)?;
            write!(stream, "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{extra}\r\n")?;
            let mut text = String::new();
            stream.read_to_string(&mut text)?;
            Ok(text)
        };
        let index = ask("GET /sub/", "")?;
        assert!(index.starts_with("HTTP/1.1 200") && index.ends_with("hello"), "{index}");
        assert!(
            index.contains("text/html; charset=utf-8") && index.contains("no-cache"),
            "{index}"
        );
        let tag = format!("\"{}\"", tools::fingerprint(b"hello"));
        assert!(
            ask("GET /sub/index.html", &format!("If-None-Match: {tag}\r\n"))?
                .starts_with("HTTP/1.1 304")
        );
        assert!(ask("GET /sub/a.wasm", "")?.contains("application/wasm"));
        assert!(ask("GET /a.wasm", "")?.starts_with("HTTP/1.1 404"));
        assert!(ask("GET /sub/../a.wasm", "")?.starts_with("HTTP/1.1 404"));
        assert!(ask("POST /sub/", "")?.starts_with("HTTP/1.1 405"));
        tools::remove(&dir)
    }

    /// A browser opens six connections at once, and keeps each for what it may want later.
    #[test]
    fn who_keeps_a_connection_keeps_nobody_waiting() -> Result<()> {
        let dir = std::env::temp_dir().join(format!("highwater-kept-{}", std::process::id()));
        fs::create_dir_all(&dir)?;
        fs::write(dir.join("index.html"), "hello")?;
        for _ in 0..100 {
            let serving = background(dir.clone(), "/")?;
            let host = serving.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
            let connect = |_| -> Result<TcpStream> {
                let stream = TcpStream::connect(&host)?;
                stream.set_read_timeout(Some(Duration::from_secs(5)))?;
                Ok(stream)
            };
            let mut kept = (0..6).map(connect).collect::<Result<Vec<_>>>()?;
            for stream in &mut kept {
                write!(stream, "GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")?;
            }
            for stream in &mut kept {
                let mut start = [0; 12];
                stream.read_exact(&mut start).context("no answer in 5 s")?;
                assert_eq!(&start, b"HTTP/1.1 200");
            }
        }
        tools::remove(&dir)
    }
}
