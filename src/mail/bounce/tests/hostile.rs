//! Nothing that a stranger sends stops the reader.

use proptest::prelude::*;

use super::super::{MOST_BYTES, News, Returned};
use super::samples::all;
use super::{a_mail, addresses, delivered};

fn read(bytes: &[u8]) -> Returned {
    Returned::read(bytes, None, &addresses())
}

#[test]
fn messages_in_messages_in_messages_do_not_exhaust_the_stack() {
    let head = format!("To: {}\n", addresses().of(&a_mail()));
    let nested = "Content-Type: message/rfc822\n\n".repeat(MOST_BYTES / 30);
    assert_eq!(read(format!("{head}{nested}").as_bytes()).mail, Some(a_mail()));
    for kind in ["digest", "mixed"] {
        let level = |n| {
            format!(
                "Content-Type: multipart/{kind}; boundary=b{n}

--b{n}
"
            )
        };
        let nested: Vec<String> = (0..20_000).map(level).collect();
        let mails = [
            nested.concat(),
            nested.join(
                "
",
            ),
        ];
        for nested in mails {
            assert_eq!(read(format!("{head}{nested}").as_bytes()).mail, Some(a_mail()));
        }
    }
}

#[test]
fn what_stands_beyond_the_limit_is_not_read() {
    let sample = &all()[0];
    let message = delivered(sample);
    let long = [&message[..], &vec![b'x'; 3 * MOST_BYTES]].concat();
    assert_eq!(read(&long), read(&message));
    let late = [b"X-Padding: ".as_slice(), &vec![b'x'; MOST_BYTES], b"\r\n", &message].concat();
    assert_eq!(read(&late).news, News::Forged);
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert_eq!(read(&bytes).news, News::Forged);
    }

    #[test]
    fn any_bytes_under_a_right_head_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let head = format!("To: {}\r\n", addresses().of(&a_mail()));
        let read = read(&[head.as_bytes(), &bytes].concat());
        prop_assert_eq!(read.mail, Some(a_mail()));
    }

    #[test]
    fn pieces_of_messages_in_any_order_are_read(
        pieces in proptest::collection::vec(prop_oneof![
            Just("Content-Type: message/rfc822\r\n\r\n".to_owned()),
            Just("Content-Type: multipart/report; boundary=b\r\n\r\n".to_owned()),
            Just("Content-Type: message/delivery-status\r\n\r\n".to_owned()),
            Just("Content-Transfer-Encoding: base64\r\n".to_owned()),
            Just("--b\r\n".to_owned()), Just("--b--".to_owned()), Just("\r\n".to_owned()), Just("\n".to_owned()),
            Just("Action: failed\r\nStatus: 5.1.1\r\n".to_owned()),
            Just("Return-Path: <>\r\n".to_owned()),
            "[ -~\u{e9}\u{1f600}]{0,20}",
        ], 0..60),
    ) {
        read(pieces.concat().as_bytes());
    }

    #[test]
    fn a_damaged_message_is_read(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12),
    ) {
        let samples = all();
        let mut bytes = delivered(&samples[which.index(samples.len())]);
        for (at, byte, kind) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        let read = read(&bytes);
        prop_assert_eq!(read.mail.is_none(), read.news == News::Forged);
        prop_assert!(read.mail.is_none_or(|mail| mail == a_mail()));
    }
}
