//! A key that is made in the browser, in two steps. First it is made and handed out, and
//! only its public half stays; then its holders give it back, which opens the wave. So a
//! wave never opens with a key that nobody has.

use zeroize::Zeroizing;

use crate::ballot_box::{BoxKey, PublicKey, rehearse};
use crate::custody::{
    Custody, Fingerprint, HeldKey, Passphrase, Share, SharePage, Split, deal, fingerprint,
    put_together, seal_key_file,
};
use crate::id::WaveCode;
use crate::trail::Act;

use super::{FlowError, House, held_wave};

/// How a key is to leave the server.
#[derive(Debug)]
pub enum KeyWish {
    /// As a file that a passphrase opens.
    File(Passphrase),
    /// As shares.
    Shares(Split),
}

/// Something to be handed out, held in memory alone and overwritten there after use.
pub struct Handed {
    /// The name of the file to keep it in.
    pub name: String,
    /// Who holds it.
    pub holder: String,
    /// The text.
    pub text: Zeroizing<String>,
}

/// A key that was handed out for a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedKey {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Who has it.
    pub custody: Custody,
}

/// Makes a key for a draft and hands it out, in the place of one made before. It has
/// opened a dummy from what is handed out.
///
/// # Errors
/// If the wave is not a draft that can be opened, or the rehearsal fails.
pub fn make_key(house: &House, code: &WaveCode, wish: &KeyWish) -> Result<Vec<Handed>, FlowError> {
    house.store.read(|tx| super::the_wave(tx, code)?.open(house.now()).map_err(FlowError::from))?;
    let (key, public) = BoxKey::generate(&house.chance);
    let (custody, handed) = match wish {
        KeyWish::File(passphrase) => as_file(house, code, (&key, &public), passphrase)?,
        KeyWish::Shares(split) => as_shares(house, code, (&key, &public), split)?,
    };
    house.store.write(|tx| {
        held_wave(tx, code)?.open(house.now())?;
        tx.put_prepared_key(code, &public, &custody)?;
        let detail = format!("{}; fingerprint {}", custody.in_words(), fingerprint(&public));
        Ok::<_, FlowError>(house.note(tx, Act::KEY_MADE, code.as_str(), &detail)?)
    })?;
    Ok(handed)
}

type Made = (Custody, Vec<Handed>);

fn as_file(
    house: &House,
    code: &WaveCode,
    (key, public): (&BoxKey, &PublicKey),
    passphrase: &Passphrase,
) -> Result<Made, FlowError> {
    let name = format!("{code}-key.age");
    let custody = Custody::File { name: name.clone() };
    let text = seal_key_file(key, code, &fingerprint(public), passphrase)?;
    let back = HeldKey::File { text: text.clone(), passphrase: passphrase.again() };
    comes_back(house, code, (&custody, public), &back)?;
    let holder = "whoever knows the passphrase".to_owned();
    Ok((custody, vec![Handed { name, holder, text: Zeroizing::new(text) }]))
}

fn as_shares(
    house: &House,
    code: &WaveCode,
    (key, public): (&BoxKey, &PublicKey),
    split: &Split,
) -> Result<Made, FlowError> {
    let custody = Custody::Shares(split.clone());
    let made_on = house.now().london_date();
    let page = SharePage { wave: code, split, fingerprint: fingerprint(public), made_on };
    let of = split.of();
    let handed: Vec<Handed> = deal(key, public, split, &house.chance)
        .iter()
        .zip(split.holders())
        .map(|(share, holder)| Handed {
            name: format!("{code}-share-{}-of-{of}.txt", share.number()),
            holder: holder.clone(),
            text: page.text(share),
        })
        .collect();
    // Each share takes its turn among the first and among the last.
    for start in 0..of {
        let turn = handed.iter().cycle().skip(start).take(usize::from(split.needed()));
        let read = turn.map(|one| Share::read(&one.text)).collect::<Result<_, _>>();
        let read = read.map_err(crate::custody::HeldKeyFault::from)?;
        comes_back(house, code, (&custody, public), &HeldKey::Shares(read))?;
    }
    Ok((custody, handed))
}

/// What was handed out opens a dummy.
fn comes_back(
    house: &House,
    code: &WaveCode,
    (custody, public): (&Custody, &PublicKey),
    held: &HeldKey,
) -> Result<(), FlowError> {
    let back = put_together(code, custody, public, held)?;
    rehearse(&back, public, code, &house.chance).map_err(|_| FlowError::Rehearsal)
}

/// The key that was handed out for a draft, if one was.
///
/// # Errors
/// If the database fails.
pub fn prepared_key(house: &House, code: &WaveCode) -> Result<Option<PreparedKey>, FlowError> {
    let found = house.store.read(|tx| tx.prepared_key(code))?;
    Ok(found.map(|(public, custody)| PreparedKey { fingerprint: fingerprint(&public), custody }))
}
