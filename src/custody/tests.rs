//! What is handed out comes back as the key, and nothing else does.

use super::*;
use crate::ballot_box::{BoxKey, PublicKey, rehearse};
use crate::chance::Chance;
use crate::id::WaveCode;

struct Dealt {
    key: BoxKey,
    public: PublicKey,
    split: Split,
    shares: Vec<Share>,
}

fn wave() -> WaveCode {
    "2007-Q4".parse().expect("a code")
}

fn split(count: &str, holders: &[&str]) -> Result<Split, BadSplit> {
    let holders: Vec<String> = holders.iter().map(|holder| (*holder).to_owned()).collect();
    Split::new(count.parse()?, &holders)
}

fn dealt(seed: u64, count: &str, holders: &[&str]) -> Dealt {
    let chance = Chance::seeded(seed);
    let (key, public) = BoxKey::generate(&chance);
    let split = split(count, holders).expect("a split");
    let shares = deal(&key, &public, &split, &chance);
    Dealt { key, public, split, shares }
}

fn copy(share: &Share) -> Share {
    let words: Vec<String> = share.words().iter().map(|line| line.to_string()).collect();
    Share::read(&words.join("\n")).expect("its own words")
}

impl Dealt {
    fn give(&self, shares: Vec<Share>) -> Result<BoxKey, HeldKeyFault> {
        let custody = Custody::Shares(self.split.clone());
        put_together(&wave(), &custody, &self.public, &HeldKey::Shares(shares))
    }
}

#[test]
fn any_needed_number_of_shares_is_the_key_and_fewer_are_nothing() {
    let few = dealt(1, "2of3", &["Chair", "Clerk", "Trust"]);
    let many = dealt(2, "4of10", &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    for dealt in [few, many] {
        let (needed, of) = (usize::from(dealt.split.needed()), dealt.split.of());
        assert_eq!(dealt.shares.len(), of);
        // Each share takes its turn, in an order that is not theirs.
        let step = if of == 3 { 2 } else { 3 };
        for start in 0..of {
            let turn = (0..needed).map(|at| copy(&dealt.shares[(start + step * at) % of]));
            let key = dealt.give(turn.collect()).expect("the key");
            assert_eq!(key.expose(), dealt.key.expose());
        }
        let everybody = dealt.shares.iter().map(copy).collect();
        assert_eq!(dealt.give(everybody).expect("the key").expose(), dealt.key.expose());
        let too_few: Vec<Share> = dealt.shares.iter().take(needed - 1).map(copy).collect();
        let given = too_few.len();
        let needed = dealt.split.needed();
        let fault = dealt.give(too_few).expect_err("too few");
        assert_eq!(fault, HeldKeyFault::TooFewShares { needed, given });
    }
}

#[test]
fn shares_of_another_key_and_the_same_share_twice_are_named() {
    let mine = dealt(3, "2of3", &["a", "b", "c"]);
    let other = dealt(4, "2of3", &["a", "b", "c"]);
    let fault = mine.give(vec![copy(&mine.shares[0]), copy(&other.shares[1])]);
    assert_eq!(fault.expect_err("another wave"), HeldKeyFault::ShareOfOtherWave(2));
    let fault = mine.give(vec![copy(&mine.shares[2]), copy(&mine.shares[2])]);
    assert_eq!(fault.expect_err("twice"), HeldKeyFault::ShareTwice(3));
    let server = put_together(&wave(), &Custody::Server, &mine.public, &HeldKey::OnServer);
    assert_eq!(server.expect_err("on the server"), HeldKeyFault::OnServer(wave()));
}

#[test]
fn words_are_read_in_any_case_with_any_blanks_and_by_four_letters() {
    let Dealt { shares, public, split, .. } = dealt(5, "2of3", &["Chair", "Clerk", "Trust"]);
    let page = SharePage {
        wave: &wave(),
        split: &split,
        fingerprint: fingerprint(&public),
        made_on: "2007-11-19".parse().expect("a day"),
    };
    let text = page.text(&shares[1]);
    for part in ["SHARE 2 OF 3", "2007-Q4", "Clerk", "any 2 of them", "19 November 2007"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.contains(&fingerprint(&public).to_string()));
    assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 76), "it prints anywhere");
    let same = |read: Result<Share, ShareFault>| {
        let read = read.expect("a share");
        assert_eq!((read.number(), read.needed()), (2, 2));
        assert_eq!(read.words(), shares[1].words());
    };
    same(Share::read(&text));
    same(Share::read(&text.replace('\n', "\r\n")));
    let words: Vec<String> = shares[1].words().iter().map(|line| line.to_string()).collect();
    same(Share::read(&words.join(" ").to_uppercase()));
    same(Share::read(&format!("\n  {}\n\n", words.join(" \t  "))));
    let short = |line: &String| {
        let words = line.split(' ').map(|word| word.chars().take(4).collect::<String>());
        words.collect::<Vec<_>>().join(" ")
    };
    same(Share::read(&words.iter().map(short).collect::<Vec<_>>().join("\n")));
    let typed =
        (1..).zip(&words).map(|(line, text)| WordLine::read(line, &format!(" {line}. {text}")));
    let typed: Vec<WordLine> = typed.collect::<Result<_, _>>().expect("lines");
    same(Share::of_lines(&typed));
}

#[test]
fn a_slip_of_the_pen_is_named_by_its_line_and_never_passes() {
    let Dealt { shares, .. } = dealt(6, "2of3", &["a", "b", "c"]);
    let lines: Vec<String> = shares[0].words().iter().map(|line| line.to_string()).collect();
    let with = |line: usize, text: String| {
        let mut lines = lines.clone();
        lines[line - 1] = text;
        Share::read(&lines.join("\n")).expect_err("a slip")
    };
    let words = |line: usize| lines[line - 1].split(' ').collect::<Vec<_>>();
    let mut wrong = words(3);
    wrong[1] = "soundings";
    assert_eq!(with(3, wrong.join(" ")), ShareFault::Unknown { line: 3, word: 2 });
    let mut wrong = words(4);
    wrong[0] = "aba";
    assert_eq!(with(4, wrong.join(" ")), ShareFault::Unknown { line: 4, word: 1 });
    let (mut missed, mut slips) = (0, 0);
    for line in 1..=WORD_LINES {
        let mut swapped = words(line);
        swapped.swap(0, 1);
        for at in 0..WORDS_IN_LINE {
            for other in ["zoo", "abandon", "letter"] {
                let mut wrong = words(line);
                if wrong[at] == other {
                    continue;
                }
                wrong[at] = other;
                slips += 1;
                let mut lines = lines.clone();
                lines[line - 1] = wrong.join(" ");
                match Share::read(&lines.join("\n")) {
                    Err(fault) => assert_eq!(fault, ShareFault::Slip { line }),
                    Ok(_) => missed += 1,
                }
            }
        }
        if swapped != words(line) {
            assert_eq!(with(line, swapped.join(" ")), ShareFault::Slip { line });
        }
        let found = WORDS_IN_LINE - 1;
        let shorter = words(line)[..found].join(" ");
        assert_eq!(with(line, shorter), ShareFault::Length { line, found });
    }
    assert!(slips > 100 && missed == 0, "{missed} of {slips} slips passed");
    let mut two = lines.clone();
    two.swap(0, 4);
    assert_eq!(Share::read(&two.join("\n")).expect_err("swapped"), ShareFault::Slip { line: 1 });
    let five = lines[..5].join(" ");
    assert_eq!(Share::read(&five).expect_err("five"), ShareFault::Count { found: 30 });
    let numbered = |from: usize| (from..).zip(&lines).map(|(at, l)| format!("{at}: {l}\n"));
    let lost: String = numbered(1).take(5).collect();
    assert_eq!(Share::read(&lost).expect_err("lost"), ShareFault::Line { line: 6 });
    let zoo = vec!["zoo"; WORD_LINES * WORDS_IN_LINE].join(" ");
    assert!(Share::read(&zoo).is_err());
}

#[test]
fn a_key_file_opens_with_its_passphrase_for_its_wave_only() {
    let chance = Chance::seeded(7);
    let (key, public) = BoxKey::generate(&chance);
    let good = "four words that differ";
    let chosen = Passphrase::chosen(good).expect("long enough");
    let text = seal_key_file(&key, &wave(), &fingerprint(&public), &chosen).expect("a file");
    assert!(text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));
    assert!(!text.contains(&hex::encode(key.expose())) && !text.contains("2007-Q4"));
    let custody = Custody::File { name: "w.age".to_owned() };
    let open = |wave: &WaveCode, text: &str, passphrase: &str| {
        let passphrase = Passphrase::given(passphrase);
        let held = HeldKey::File { text: text.to_owned(), passphrase };
        put_together(wave, &custody, &public, &held)
    };
    let opened = open(&wave(), &format!("\n{text}\n"), good).expect("the key");
    assert!(rehearse(&opened, &public, &wave(), &chance).is_ok());
    let other: WaveCode = "2008-Q1".parse().expect("a code");
    assert_eq!(open(&other, &text, good).expect_err("other"), HeldKeyFault::FileOfOtherWave);
    let wrong = open(&wave(), &text, "four words that differ!");
    assert_eq!(wrong.expect_err("wrong"), HeldKeyFault::WrongPassphrase);
    let half: String = text.lines().take(4).collect::<Vec<_>>().join("\n");
    for damaged in ["", "nothing", &half] {
        assert_eq!(open(&wave(), damaged, good).expect_err("damaged"), HeldKeyFault::NoKeyFile);
    }
    let shares = put_together(&wave(), &custody, &public, &HeldKey::Shares(Vec::new()));
    assert!(matches!(shares, Err(HeldKeyFault::Waits { .. })));
}

#[test]
fn weak_passphrases_and_splits_that_cannot_be_are_refused() {
    for weak in ["", "short", "aaaaaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabc"] {
        assert_eq!(Passphrase::chosen(weak).map(drop), Err(WeakPassphrase), "{weak}");
    }
    let names = ["a", "b", "c"];
    for count in ["1of3", "4of3", "0of0", "2of11", "300of3"] {
        assert!(matches!(split(count, &names), Err(BadSplit::Numbers | BadSplit::Form)), "{count}");
    }
    for count in ["", "2", "2/3", "of", "two of three"] {
        assert_eq!(split(count, &names), Err(BadSplit::Form), "{count}");
    }
    assert!(split("2-of-3", &names).is_ok());
    assert_eq!(split("2of3", &["a", "b"]), Err(BadSplit::Holders { shares: 3, holders: 2 }));
    assert_eq!(split("2of2", &["a", "A "]), Err(BadSplit::Twice("A".to_owned())));
    for label in ["", " ", "two\nlines", &"x".repeat(81)] {
        assert_eq!(split("2of2", &["a", label]), Err(BadSplit::Label), "{label:?}");
    }
}

#[test]
fn nothing_secret_shows_in_debug_or_in_an_error() {
    let Dealt { shares, .. } = dealt(8, "2of3", &["a", "b", "c"]);
    let passphrase = Passphrase::given("a secret of somebody");
    assert_eq!(format!("{:?} {passphrase:?}", shares[1]), "Share(2, …) Passphrase(…)");
    let held = HeldKey::Shares(shares);
    assert_eq!(format!("{held:?}"), "Shares(3 of them)");
    let held = HeldKey::File { text: "text".to_owned(), passphrase };
    assert_eq!(format!("{held:?}"), "File(…)");
}

#[test]
fn holders_are_listed_for_what_they_destroy() {
    assert!(Custody::Server.holders().is_empty());
    let split = split("2of2", &["Chair of the LMC", "Trust's auditor"]).expect("a split");
    assert_eq!(
        Custody::Shares(split).holders(),
        ["share 1 of 2: Chair of the LMC", "share 2 of 2: Trust's auditor"]
    );
    let file = Custody::File { name: "w.age".to_owned() };
    assert_eq!(file.holders(), ["the key file w.age and its passphrase"]);
}

#[test]
fn a_fingerprint_is_eight_groups_of_a_hash() {
    // SHA-256 of 32 zero bytes begins 66687aadf862bd776c8fc18b8e9f8e20.
    let print = fingerprint(&PublicKey::from_bytes([0; 32]));
    assert_eq!(print.to_string(), "6668 7aad f862 bd77 6c8f c18b 8e9f 8e20");
}
