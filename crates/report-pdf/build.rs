//! Takes in the typeface that reports are set in, so that a report looks the
//! same wherever it is made: Liberation Sans (SIL Open Font Licence), from the
//! Debian package fonts-liberation or from the folder that
//! `SOUNDINGS_FONTS` names.

use std::path::PathBuf;

const CUTS: [&str; 2] = ["LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"];
/// Where systems keep it.
const FOLDERS: [&str; 3] = [
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/liberation-sans",
    "/usr/share/fonts/liberation",
];

#[expect(clippy::disallowed_methods, reason = "whoever builds says where the typeface is")]
fn main() {
    println!("cargo::rerun-if-env-changed=SOUNDINGS_FONTS");
    println!("cargo::rerun-if-changed=build.rs");
    let named = std::env::var_os("SOUNDINGS_FONTS").map(PathBuf::from);
    let mut folders = named.into_iter().chain(FOLDERS.map(PathBuf::from));
    let Some(folder) = folders.find(|folder| CUTS.iter().all(|cut| folder.join(cut).is_file()))
    else {
        println!(
            "cargo::error=Liberation Sans is missing: install the package fonts-liberation, or name the folder with {} in SOUNDINGS_FONTS",
            CUTS.join(" and ")
        );
        return;
    };
    println!("cargo::rustc-env=REPORT_FONTS={}", folder.display());
}
