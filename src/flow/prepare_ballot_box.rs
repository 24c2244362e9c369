//! Makes the key pair of a wave's ballot box, puts the private half where it is
//! to be, and rehearses it as it will be given back. Apart from `open_wave`,
//! because no act but casting and counting may know both people and envelopes.

use std::path::{Path, PathBuf};

use crate::ballot_box::{BoxKey, PublicKey, rehearse};
use crate::custody::{
    Custody, HeldKey, HeldKeyFault, Passphrase, Share, SharePage, Split, deal, fingerprint,
    put_together, seal_key_file,
};
use crate::id::WaveCode;
use crate::keyring::{HandedOut, Secret, read_secret};

use super::{FlowError, House};

/// Where the private half of a wave's key is to be.
#[derive(Debug)]
pub enum KeyPlan {
    /// On the server, wrapped by the master key.
    Server,
    /// In a file that a passphrase opens.
    File {
        /// The file to make.
        path: PathBuf,
        /// What opens it.
        passphrase: Passphrase,
    },
    /// In shares, one file each.
    Shares {
        /// Who holds them.
        split: Split,
        /// The folder to put them into.
        folder: PathBuf,
    },
    /// Where it was handed out to already; its holders give it back.
    Prepared(HeldKey),
}

/// A pair that is made and not yet a wave's. What was written for it goes away
/// with it, unless it stays.
pub(super) struct Prepared {
    pub(super) public: PublicKey,
    pub(super) custody: Custody,
    key: BoxKey,
    handed_out: HandedOut,
}

/// Makes the pair. A private half that is to be elsewhere is written there, read
/// back, and shown to open what the public half seals.
///
/// # Errors
/// If a file cannot be made, or the rehearsal fails; nothing is left then.
pub(super) fn prepare_ballot_box(
    house: &House,
    wave: &WaveCode,
    plan: &KeyPlan,
) -> Result<Prepared, FlowError> {
    if let KeyPlan::Prepared(held) = plan {
        return given_back(house, wave, held);
    }
    let (key, public) = BoxKey::generate(&house.chance);
    let custody = match plan {
        KeyPlan::Server | KeyPlan::Prepared(_) => Custody::Server,
        KeyPlan::File { path, .. } => Custody::File { name: name_of(path) },
        KeyPlan::Shares { split, .. } => Custody::Shares(split.clone()),
    };
    let mut prepared = Prepared { public, custody, key, handed_out: HandedOut::default() };
    match plan {
        KeyPlan::Server | KeyPlan::Prepared(_) => {}
        KeyPlan::File { path, passphrase } => prepared.as_file(house, wave, path, passphrase)?,
        KeyPlan::Shares { split, folder } => prepared.as_shares(house, wave, split, folder)?,
    }
    Ok(prepared)
}

/// The key that was handed out, put together from what its holders give back.
fn given_back(house: &House, wave: &WaveCode, held: &HeldKey) -> Result<Prepared, FlowError> {
    let found = house.store.read(|tx| tx.prepared_key(wave))?;
    let (public, custody) = found.ok_or_else(|| FlowError::NoPreparedKey(wave.clone()))?;
    let key = put_together(wave, &custody, &public, held)?;
    rehearse(&key, &public, wave, &house.chance)
        .map_err(|_| HeldKeyFault::NotTheKey(wave.clone()))?;
    Ok(Prepared { public, custody, key, handed_out: HandedOut::default() })
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Prepared {
    fn as_file(
        &mut self,
        house: &House,
        wave: &WaveCode,
        path: &Path,
        passphrase: &Passphrase,
    ) -> Result<(), FlowError> {
        let text = seal_key_file(&self.key, wave, &fingerprint(&self.public), passphrase)?;
        self.handed_out.write(&house.settings.data, path, text.as_bytes())?;
        let text = String::from_utf8_lossy(&read_secret(path)?).into_owned();
        self.comes_back(house, wave, &HeldKey::File { text, passphrase: passphrase.again() })
    }

    fn as_shares(
        &mut self,
        house: &House,
        wave: &WaveCode,
        split: &Split,
        folder: &Path,
    ) -> Result<(), FlowError> {
        let page = SharePage {
            wave,
            split,
            fingerprint: fingerprint(&self.public),
            made_on: house.now().london_date(),
        };
        let of = split.of();
        let mut files = Vec::new();
        for share in deal(&self.key, &self.public, split, &house.chance) {
            let file = folder.join(format!("{wave}-share-{}-of-{of}.txt", share.number()));
            self.handed_out.write(&house.settings.data, &file, page.text(&share).as_bytes())?;
            files.push(file);
        }
        // Each share takes its turn among the first and among the last.
        for start in 0..of {
            let turn = files.iter().cycle().skip(start).take(usize::from(split.needed()));
            let read = turn.map(|file| read_share(file)).collect::<Result<_, _>>()?;
            self.comes_back(house, wave, &HeldKey::Shares(read))?;
        }
        Ok(())
    }

    /// What was handed out opens a dummy, as it will be given back.
    fn comes_back(&self, house: &House, wave: &WaveCode, held: &HeldKey) -> Result<(), FlowError> {
        let back = put_together(wave, &self.custody, &self.public, held)?;
        rehearse(&back, &self.public, wave, &house.chance).map_err(|_| FlowError::Rehearsal)
    }

    /// Keeps on the server what is to be there, in the transaction that opens
    /// the wave: from here on this is the only opening.
    ///
    /// # Errors
    /// If the rehearsal fails or the key cannot be kept.
    pub(super) fn keep(&self, house: &House, wave: &WaveCode) -> Result<(), FlowError> {
        if self.custody.is_elsewhere() {
            return Ok(());
        }
        house.keyring.keep(wave, Secret::BallotBox, self.key.expose())?;
        // What is rehearsed is the key as it will be found at closing.
        let kept = BoxKey::from_bytes(&*house.keyring.get(wave, Secret::BallotBox)?);
        rehearse(&kept, &self.public, wave, &house.chance).map_err(|_| FlowError::Rehearsal)
    }

    /// The wave is open: what was handed out stays. Says which files these are.
    pub(super) fn stay(self) -> Vec<PathBuf> {
        self.handed_out.stay()
    }
}

/// A share from a file.
fn read_share(file: &Path) -> Result<Share, FlowError> {
    let bytes = read_secret(file)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| FlowError::File {
        path: file.to_owned(),
        why: "it is not UTF-8 text".to_owned(),
    })?;
    Ok(Share::read(text).map_err(crate::custody::HeldKeyFault::from)?)
}
