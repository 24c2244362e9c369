//! As much of HTTP/1.1 as a load needs: one answer read whole, from a
//! connection that stays open.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::Outcome;

/// Where the parts of an answer lie in the bytes read so far.
#[derive(Clone, Copy)]
pub struct Span {
    pub status: u16,
    /// Where the body begins.
    pub head: usize,
    /// Where the answer ends.
    pub end: usize,
    chunked: bool,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    /// The body without the lengths of its chunks.
    pub body: Vec<u8>,
    /// Bytes of the whole answer as it came.
    pub wire: usize,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        field(&self.head, name)
    }

    /// The body as text.
    pub fn text(&self) -> Outcome<&str> {
        Ok(std::str::from_utf8(&self.body)?)
    }
}

/// The value of a header among the lines of a head.
pub fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|part| part == what)
}

/// The answer at the start of these bytes; none if it is not whole yet.
pub fn span(bytes: &[u8]) -> Outcome<Option<Span>> {
    let Some(head) = find(bytes, b"\r\n\r\n").map(|at| at + 4) else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..head])?;
    let status: u16 = text.get(9..12).ok_or("an answer without a status")?.parse()?;
    if let Some(length) = field(text, "content-length") {
        let end = head + length.parse::<usize>()?;
        return Ok((bytes.len() >= end).then_some(Span { status, head, end, chunked: false }));
    }
    if field(text, "transfer-encoding").is_none() {
        return Ok(Some(Span { status, head, end: head, chunked: false }));
    }
    let mut at = head;
    while let Some((start, length)) = chunk(bytes, at)? {
        at = start + length + 2;
        if length == 0 {
            return Ok((bytes.len() >= at).then_some(Span {
                status,
                head,
                end: at,
                chunked: true,
            }));
        }
    }
    Ok(None)
}

/// Where the chunk announced here begins, and its length.
fn chunk(bytes: &[u8], at: usize) -> Outcome<Option<(usize, usize)>> {
    let Some(line) = bytes.get(at..).and_then(|rest| find(&rest[..rest.len().min(18)], b"\r\n"))
    else {
        return Ok(None);
    };
    let length = usize::from_str_radix(std::str::from_utf8(&bytes[at..at + line])?, 16)?;
    Ok(Some((at + line + 2, length)))
}

impl Span {
    /// Whether the body is exactly this.
    pub fn has_body(&self, bytes: &[u8], wanted: &[u8]) -> Outcome<bool> {
        if self.chunked {
            Ok(self.body(bytes)? == wanted)
        } else {
            Ok(&bytes[self.head..self.end] == wanted)
        }
    }

    /// The body without the lengths of its chunks.
    pub fn body(&self, bytes: &[u8]) -> Outcome<Vec<u8>> {
        if !self.chunked {
            return Ok(bytes[self.head..self.end].to_vec());
        }
        let (mut at, mut body) = (self.head, Vec::new());
        while let Some((start, length)) = chunk(bytes, at)? {
            body.extend_from_slice(bytes.get(start..start + length).ok_or("a cut chunk")?);
            at = start + length + 2;
            if length == 0 {
                break;
            }
        }
        Ok(body)
    }
}

/// A request as text.
pub fn request(method: &str, path: &str, address: SocketAddr, more: &str, body: &str) -> String {
    let length = match method {
        "GET" => String::new(),
        _ => format!(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            body.len()
        ),
    };
    format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n{length}{more}\r\n{body}")
}

/// Asks once, over a connection of its own.
pub fn ask(address: SocketAddr, request: &str) -> Outcome<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        let read = stream.read(&mut part)?;
        bytes.extend_from_slice(&part[..read]);
        if let Some(span) = span(&bytes)? {
            let head = String::from_utf8(bytes[..span.head].to_vec())?;
            let body = span.body(&bytes)?;
            return Ok(Answer { status: span.status, head, body, wire: span.end });
        }
        if read == 0 {
            return Err("the connection ended in the middle of an answer".into());
        }
    }
}
