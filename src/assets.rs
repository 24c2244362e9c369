//! The files that pages need, taken into the binary by build.rs: each under a
//! name that changes with its content, plain and already compressed. Knows
//! nothing of requests; `web` decides which form a browser gets.

/// One file.
#[derive(Debug)]
pub struct Asset {
    /// What templates and code call it, for example `app.css`.
    pub name: &'static str,
    /// Its address, for example `/assets/app-0123456789ab.css`.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its entity tag, quotes included.
    pub etag: &'static str,
    /// Its bytes.
    pub plain: &'static [u8],
    /// Its bytes in brotli.
    pub br: &'static [u8],
    /// Its bytes in gzip.
    pub gz: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at this address.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// The address of the file of this name; of a name that no file has, an
/// address where nothing is found.
#[must_use]
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/assets/", |asset| asset.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_pages_name_is_there_under_a_name_made_of_its_content() {
        for name in ["app.css", "app.js", "favicon.svg"] {
            let asset = find(url(name)).expect("a file");
            assert!(!asset.plain.is_empty(), "{name} is empty");
            assert!(asset.path.contains(asset.etag.trim_matches('"')), "{name}: {}", asset.path);
        }
        assert!(find(url("nothing.css")).is_none());
    }

    #[test]
    fn nothing_of_the_nhs_identity_and_nothing_from_elsewhere_is_in_the_style_sheet() {
        let css = std::str::from_utf8(find(url("app.css")).expect("a file").plain).expect("text");
        for word in ["Frutiger", "http:", "https:", "#005eb8", "/assets/images/"] {
            assert!(!css.contains(word), "{word} is in the style sheet");
        }
    }

    #[test]
    fn compression_is_worth_it_for_the_large_files() {
        let asset = find(url("app.css")).expect("a file");
        assert!(asset.br.len() * 5 < asset.plain.len());
        assert!(asset.gz.len() * 5 < asset.plain.len());
    }
}
