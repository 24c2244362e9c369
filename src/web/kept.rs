//! What was rendered from published releases, kept in memory with its entity
//! tag and its compressed forms. Whether somebody may have it is decided before
//! anything is looked up here, and the key holds everything that its bytes are
//! made of, the reader's own frame included, so that nobody can be given what
//! was made for another.

use std::collections::{HashMap, VecDeque};
use std::io::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest as _, Sha256};

use crate::pages::{Frame, Link, StocktakeColumn};
use crate::release::Decided;

use super::assets::takes;
use super::reader::Reader;

/// All that is kept together, compressed forms included as if they were as large.
const MOST_BYTES: usize = 96 * 1024 * 1024;
/// What is larger is made anew each time.
const LARGEST: usize = MOST_BYTES / 8;

/// Everything that the bytes of an answer depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// The address with what is asked behind the question mark.
    pub(super) address: String,
    /// The digests of the releases that it is made of.
    pub(super) releases: Vec<String>,
    /// Who reads: it decides what of them is shown, and under which names.
    pub(super) reader: Reader,
    /// What is around a page: names the reader's role and unit; none for a file.
    pub(super) frame: Option<Frame>,
    /// The stocktake beside it, if the reader sees one.
    pub(super) stocktake: Option<Arc<StocktakeColumn>>,
    /// What the office decided of its proposals so far.
    pub(super) decided: Vec<Decided>,
    /// The ways to what leads wrote.
    pub(super) words: Vec<Link>,
}

/// An answer, ready to go out.
pub(super) struct Made {
    media_type: &'static str,
    /// The name to save it under; none for a page.
    file_name: Option<String>,
    etag: String,
    plain: Bytes,
    compresses: bool,
    br: OnceLock<Bytes>,
    gz: OnceLock<Bytes>,
}

/// What is kept so far.
#[derive(Default)]
pub(super) struct Kept(Mutex<Shelves>);

#[derive(Default)]
struct Shelves {
    by_address: HashMap<String, Vec<(Key, Arc<Made>)>>,
    /// What came first goes first.
    order: VecDeque<Key>,
    bytes: usize,
}

impl Made {
    /// An answer of these bytes.
    pub(super) fn new(media_type: &'static str, plain: Vec<u8>) -> Self {
        // Strong: other bytes have another tag, whatever they were made of.
        let digest = hex::encode(Sha256::digest(&plain));
        Self {
            media_type,
            file_name: None,
            etag: digest.chars().take(32).collect(),
            compresses: media_type.starts_with("text/") || media_type.contains("json"),
            plain: Bytes::from(plain),
            br: OnceLock::new(),
            gz: OnceLock::new(),
        }
    }

    /// The same to be saved under a name.
    pub(super) fn saved_as(self, name: String) -> Self {
        Self { file_name: Some(name), ..self }
    }

    fn in_brotli(&self) -> Bytes {
        let made = || {
            let mut out = Vec::new();
            let mut writer = brotli::CompressorWriter::new(&mut out, 4096, 9, 22);
            // Memory refuses nothing.
            drop(writer.write_all(&self.plain));
            drop(writer);
            Bytes::from(out)
        };
        self.br.get_or_init(made).clone()
    }

    fn in_gzip(&self) -> Bytes {
        let made = || {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            drop(writer.write_all(&self.plain));
            Bytes::from(writer.finish().unwrap_or_default())
        };
        self.gz.get_or_init(made).clone()
    }

    /// The answer to a request that was let in: the bytes in the form that the
    /// browser takes, or that it has them already.
    pub(super) fn response(&self, request: &HttpRequest) -> HttpResponse {
        let coding = match () {
            () if self.compresses && takes(request, "br") => "br",
            () if self.compresses && takes(request, "gzip") => "gzip",
            () => "identity",
        };
        let known = request.headers().get_all(header::IF_NONE_MATCH);
        let known = known.filter_map(|tags| tags.to_str().ok()).flat_map(|tags| tags.split(','));
        let has_it = known.map(str::trim).any(|tag| tag == "*" || self.is_named_by(tag));
        let mut answer = if has_it { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header((header::ETAG, format!("\"{}-{coding}\"", self.etag)))
            // Asked again each time, since the reader may have signed out.
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header((header::VARY, "accept-encoding, cookie, authorization"));
        if has_it {
            return answer.finish();
        }
        if let Some(name) = &self.file_name {
            answer.insert_header((
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ));
        }
        answer.insert_header((header::CONTENT_ENCODING, coding)).content_type(self.media_type).body(
            match coding {
                "br" => self.in_brotli(),
                "gzip" => self.in_gzip(),
                _ => self.plain.clone(),
            },
        )
    }

    /// Whether a tag that a browser brings is of these bytes, in any form.
    fn is_named_by(&self, tag: &str) -> bool {
        let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        tag.rsplit_once('-').is_some_and(|(etag, _)| etag == self.etag)
    }
}

impl Kept {
    /// What is kept by the server that answers a request; none in a server
    /// without a memory.
    pub(super) fn of(request: &HttpRequest) -> Option<&web::Data<Self>> {
        request.app_data()
    }

    /// What is kept under a key.
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Made>> {
        let shelves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = shelves.by_address.get(&key.address)?.iter().find(|(other, _)| other == key)?;
        Some(Arc::clone(&found.1))
    }

    /// Keeps an answer; what was kept longest goes if there is no room.
    pub(super) fn put(&self, key: Key, made: &Arc<Made>) {
        if made.weight() > LARGEST {
            return;
        }
        let mut shelves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelves.bytes += made.weight();
        let there = shelves.by_address.entry(key.address.clone()).or_default();
        if there.iter().any(|(other, _)| *other == key) {
            // Another request was faster.
            shelves.bytes -= made.weight();
            return;
        }
        there.push((key.clone(), Arc::clone(made)));
        shelves.order.push_back(key);
        while shelves.bytes > MOST_BYTES {
            let Some(first) = shelves.order.pop_front() else { break };
            shelves.forget(&first);
        }
    }
}

impl Made {
    fn weight(&self) -> usize {
        self.plain.len() * if self.compresses { 3 } else { 1 }
    }
}

impl Shelves {
    fn forget(&mut self, key: &Key) {
        let Some(there) = self.by_address.get_mut(&key.address) else { return };
        if let Some(at) = there.iter().position(|(other, _)| other == key) {
            let (_, made) = there.swap_remove(at);
            self.bytes = self.bytes.saturating_sub(made.weight());
        }
        if there.is_empty() {
            self.by_address.remove(&key.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Role;

    fn key(address: &str, role: Role) -> Key {
        Key {
            address: address.to_owned(),
            releases: vec!["d".to_owned()],
            reader: Reader::of_role(role, None),
            frame: Some(Frame::sample()),
            stocktake: None,
            decided: Vec::new(),
            words: Vec::new(),
        }
    }

    fn decided() -> Decided {
        Decided {
            unit: "herts".parse().expect("a unit"),
            rule: "fall".parse().expect("a rule"),
            measure: "IDX_DEC".to_owned(),
            decision: "confirmed".parse().expect("a decision"),
            note: String::new(),
            who: "office@example.org".to_owned(),
        }
    }

    #[test]
    fn nobody_is_given_what_was_made_for_another() {
        let kept = Kept::default();
        let made = Arc::new(Made::new("text/html; charset=utf-8", b"for the SHA".to_vec()));
        let of_sha = key("/results/x", Role::Sha);
        kept.put(of_sha.clone(), &made);
        assert!(kept.get(&of_sha).is_some());
        let mut unit = of_sha.clone();
        unit.frame.iter_mut().for_each(|frame| frame.signed_in = None);
        let stocktake = Some(Arc::new(StocktakeColumn::sample()));
        for other in [
            key("/results/x", Role::Lmc),
            key("/results/y", Role::Sha),
            unit,
            Key { frame: None, ..of_sha.clone() },
            Key { stocktake, ..of_sha.clone() },
            Key { releases: vec!["e".to_owned()], ..of_sha.clone() },
            Key { decided: vec![decided()], ..of_sha.clone() },
            Key { words: vec![Link::new("In their own words", "/")], ..of_sha.clone() },
        ] {
            assert!(kept.get(&other).is_none(), "{other:?}");
        }
    }

    #[test]
    fn memory_is_bounded_and_what_came_first_goes_first() {
        let kept = Kept::default();
        let large = LARGEST / 3;
        for number in 0..40 {
            let made = Arc::new(Made::new("text/html", vec![b'x'; large]));
            kept.put(key(&number.to_string(), Role::Sha), &made);
        }
        assert!(kept.get(&key("0", Role::Sha)).is_none());
        assert!(kept.get(&key("39", Role::Sha)).is_some());
        let shelves = kept.0.lock().expect("a lock");
        assert!(shelves.bytes <= MOST_BYTES);
        assert_eq!(shelves.order.len(), shelves.by_address.len());
        drop(shelves);
        kept.put(key("vast", Role::Sha), &Arc::new(Made::new("text/html", vec![b'x'; LARGEST])));
        assert!(kept.get(&key("vast", Role::Sha)).is_none());
    }
}
