//! What the browser carries through a preview: the answers, as far as a cookie
//! has room for them. Words give way first.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::answer::Reply;
use crate::id::ItemCode;

/// Browsers keep 4,096 bytes of name and value.
const MOST: usize = 3_900;

/// The answers of a preview.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Pocket {
    /// The answers.
    pub(super) reply: Reply,
    /// Items of whose words only the beginning is kept.
    pub(super) shortened: Vec<ItemCode>,
    /// Whether even the ticks had no room any more.
    pub(super) full: bool,
}

impl Pocket {
    /// What a browser brought; empty if it cannot be read.
    pub(super) fn read(text: &str) -> Self {
        let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// What the browser is given.
    pub(super) fn written(&self) -> String {
        // Maps with text keys and plain values always have a JSON form.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Keeps these answers, with shorter words if there is no room. If there is
    /// none even then, those before stay.
    pub(super) fn keep(&mut self, reply: Reply) {
        let mut new = Self { reply, shortened: Vec::new(), full: false };
        let as_before = |item: &&ItemCode| {
            new.reply.answer(item) == self.reply.answer(item)
                && new.reply.other(item) == self.reply.other(item)
        };
        new.shortened = self.shortened.iter().filter(as_before).cloned().collect();
        while new.written().len() > MOST {
            let Some(item) = new.reply.shorten_longest() else {
                self.full = true;
                return;
            };
            if !new.shortened.contains(&item) {
                new.shortened.push(item);
            }
        }
        *self = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Answer, Form};
    use crate::definition::parse;

    fn reply(words: &[(&str, String)]) -> Reply {
        let source = include_str!("../../../survey_definitions/east-of-england/survey.toml");
        let survey = parse("survey.toml", source).expect("a survey");
        let fields: Vec<(String, String)> =
            words.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let mut reply = Reply::default();
        for section in &survey.sections {
            Form::new(&fields, &[0; 32]).take(&mut reply, &survey, section).expect("answers");
        }
        reply
    }

    #[test]
    fn words_give_way_and_ticks_stay() {
        // Four bytes each.
        let long = "\u{1d11e}";
        let reply = reply(&[
            ("ROLE", "3".to_owned()),
            ("WELL", long.repeat(600)),
            ("OPEN", long.repeat(800)),
            ("BAR_FIX", "short".to_owned()),
        ]);
        let mut pocket = Pocket::default();
        pocket.keep(reply.clone());
        let written = pocket.written();
        assert!(written.len() <= MOST, "{}", written.len());
        let read = Pocket::read(&written);
        let code = |text: &str| text.parse::<ItemCode>().expect("a code");
        let kept = |item: &str| read.reply.answer(&code(item)) == reply.answer(&code(item));
        assert!(kept("ROLE") && kept("BAR_FIX"));
        assert!(read.reply.answer(&code("OPEN")).is_some_and(|answer| {
            matches!(answer, Answer::Words(words) if !words.is_empty() && words.len() < 3_200)
        }));
        assert!(read.shortened.contains(&code("OPEN")) && !read.shortened.contains(&code("ROLE")));
        assert!(!read.full);

        // What was shortened stays so until it is written anew.
        let mut next = Pocket::read(&written);
        next.keep(read.reply.clone());
        assert_eq!(next.shortened, read.shortened);
        next.keep(super::tests::reply(&[("ROLE", "3".to_owned())]));
        assert_eq!(next.shortened, []);
    }

    #[test]
    fn what_a_browser_invents_is_an_empty_pocket() {
        for text in ["", "x", "e30", "bm8", "eyJyZXBseSI6M30"] {
            assert!(Pocket::read(text).reply.is_empty(), "{text}");
        }
    }
}
