//! An answer in JSON: an option as its value, several as a list, words as a
//! text, and a number as `{"amount": 125}`, told from an option's value. Read by
//! what stands there; to try one kind after the other costs more than all the
//! rest of opening a draft.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Answer;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    amount: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn amount<S: Serializer>(amount: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    Written { amount: *amount }.serialize(serializer)
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Answer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Answer, E> {
        u16::try_from(value).map(Answer::One).map_err(|_| E::custom("no option's value"))
    }

    fn visit_str<E: Error>(self, words: &str) -> Result<Answer, E> {
        Ok(Answer::Words(words.to_owned()))
    }

    fn visit_string<E: Error>(self, words: String) -> Result<Answer, E> {
        Ok(Answer::Words(words))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Answer, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(values)).map(Answer::Several)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Answer, A::Error> {
        Written::deserialize(MapAccessDeserializer::new(fields))
            .map(|written| Answer::Amount(written.amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_answer_is_read_as_it_was_written() {
        let answers = [
            Answer::One(98),
            Answer::Several([1, 4].into()),
            Answer::Amount(-125),
            Answer::Words("12".to_owned()),
        ];
        for answer in answers {
            let written = serde_json::to_string(&answer).expect("written");
            assert!(serde_json::from_str(&written).is_ok_and(|read: Answer| read == answer));
        }
        for wrong in
            ["70000", "-1", "1.5", "null", "true", "[\"1\"]", "{\"amount\":1,\"b\":2}", "{}"]
        {
            assert!(serde_json::from_str::<Answer>(wrong).is_err(), "{wrong}");
        }
    }
}
