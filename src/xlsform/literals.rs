//! Values as an author would write them in TOML.

use super::draft::DraftOption;

/// An option on one line.
pub(super) fn told(option: &DraftOption) -> String {
    let mut told = vec![
        format!("value = {}", option.value),
        format!("label = {}", quoted_on_a_line(&option.label)),
    ];
    told.extend(option.score.map(|score| format!("score = {score}")));
    told.extend(option.other.map(|most| format!("other = {most}")));
    told.extend(option.counts.map(|counts| format!("counts = {}", quoted(counts))));
    for (key, flag) in [("favourable", option.favourable), ("unfavourable", option.unfavourable)] {
        let flag = flag.filter(|_| option.score.is_some());
        told.extend(flag.map(|flag| format!("{key} = {flag}")));
    }
    if option.exclusive {
        told.push("exclusive = true".to_owned());
    }
    format!("{{ {} }}", told.join(", "))
}

/// A remark with the name of a choice that became a number.
pub(super) fn name_of(option: &DraftOption) -> String {
    if option.name == option.value.to_string() || option.name.is_empty() {
        String::new()
    } else {
        format!(" # {}", remark(&option.name))
    }
}

/// A list on one line.
pub(super) fn listed(entries: &[String]) -> String {
    format!("[{}]", entries.join(", "))
}

/// A text in a remark, which ends with its line.
pub(super) fn remark(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A text in quotes, over several lines if it has them.
pub(super) fn quoted(text: &str) -> String {
    if text.contains('\n') {
        format!("\"\"\"\n{}\n\"\"\"", escaped(text))
    } else {
        format!("\"{}\"", escaped(text))
    }
}

/// A text in quotes where a table must stay on its line.
pub(super) fn quoted_on_a_line(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('\n', "\\n"))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push('\n'),
            '\t' => out.push_str("\\t"),
            // Nothing else than these and line ends is kept of what cannot be seen.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
