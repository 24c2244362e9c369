//! A wave's key as its holders give it to a page: a file with its passphrase, or shares
//! as files or typed. It goes to the act that needs it and is kept nowhere.

use crate::custody::{Custody, HeldKey, HeldKeyFault, Passphrase, Share};
use crate::pages::{ActField, AreaView, FieldView, FileView};

use super::frame::capital;
use super::sent::Files;

/// The fields in which a key is given; none for one on the server.
pub(super) fn fields(custody: &Custody, fault: Option<&HeldKeyFault>) -> Vec<ActField> {
    let said = fault.map(|fault| capital(&fault.to_string()));
    match custody {
        Custody::Server => Vec::new(),
        Custody::File { name } => vec![
            FileView {
                id: "key".to_owned(),
                label: "Key file".to_owned(),
                hint: Some(format!("It was saved as {name}.")),
                several: false,
                error: said,
            }
            .into(),
            FieldView {
                kind: "password".to_owned(),
                ..FieldView::text("passphrase", "Its passphrase")
            }
            .into(),
        ],
        Custody::Shares(split) => {
            let files = FileView {
                id: "key".to_owned(),
                label: "Shares as files".to_owned(),
                hint: Some(format!(
                    "Any {} of the {}. Or type the six lines of each below.",
                    split.needed(),
                    split.of()
                )),
                several: true,
                error: said,
            };
            let typed = (1..=split.needed()).map(|number| {
                ActField::from(AreaView {
                    id: format!("share-{number}"),
                    label: format!("Words of a share, typed ({number})"),
                    hint: None,
                    max_chars: 2000,
                    value: String::new(),
                    error: None,
                })
            });
            std::iter::once(files.into()).chain(typed).collect()
        }
    }
}

/// The key from what was sent.
///
/// # Errors
/// If a file or a share cannot be read.
pub(super) fn read(custody: &Custody, files: &Files) -> Result<HeldKey, HeldKeyFault> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match custody {
        Custody::Server => Ok(HeldKey::OnServer),
        Custody::File { .. } => {
            let file = files.get("key").ok_or(HeldKeyFault::NoKeyFile)?;
            let passphrase = Passphrase::given(files.field("passphrase").unwrap_or_default());
            Ok(HeldKey::File { text: text(&file.bytes), passphrase })
        }
        Custody::Shares(_) => {
            let sent = files.all("key").map(|file| text(&file.bytes));
            let typed = (1..=10).filter_map(|number| {
                let words = files.field(&format!("share-{number}"))?.trim().to_owned();
                (!words.is_empty()).then_some(words)
            });
            let shares = sent.chain(typed).map(|text| Share::read(&text));
            Ok(HeldKey::Shares(shares.collect::<Result<_, _>>()?))
        }
    }
}
