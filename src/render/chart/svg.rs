//! Marks on paper become SVG: a small writer with a class for every look, so
//! that the site's style sheet colours charts in pages (no style inside, as the
//! content policy wants it), and the same rules go with a chart that stands alone.

use std::fmt::Write as _;
use std::sync::LazyLock;

/// The rules for charts; everything before `SITE` goes with a chart that stands alone.
const STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/5-charts.css"));
const SITE: &str = "/* In pages only. */";

/// A finished chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    name: String,
    kind: &'static str,
    width: f64,
    height: f64,
    title: String,
    desc: String,
    body: String,
}

impl Svg {
    /// A name of its own among the charts of a page, for files: letters, digits, `-` and `_`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it shows, in a few words.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What is to be seen in it, in sentences.
    #[must_use]
    pub fn desc(&self) -> &str {
        &self.desc
    }

    /// Width and height of its drawing, in its own units (about a pixel each).
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// The chart for a page that has the site's style sheet.
    #[must_use]
    pub fn inline(&self) -> String {
        self.element(&format!("class=\"so-svg so-svg--{}\"", self.kind), "")
    }

    /// The chart as a file of its own, with its style in it, in the colours of paper.
    #[must_use]
    pub fn standalone(&self) -> String {
        let attributes = format!(
            "xmlns=\"http://www.w3.org/2000/svg\" class=\"so-svg\" width=\"{}\" height=\"{}\"",
            number(self.width),
            number(self.height)
        );
        self.element(&attributes, &format!("<style>{}</style>", *OWN_STYLE))
    }

    fn element(&self, attributes: &str, style: &str) -> String {
        let Self { name, width, height, title, desc, body, .. } = self;
        format!(
            "<svg {attributes} viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{name}-title\" aria-describedby=\"{name}-desc\"><title id=\"{name}-title\">{}</title><desc id=\"{name}-desc\">{}</desc>{style}{body}</svg>",
            number(*width),
            number(*height),
            escaped(title),
            escaped(desc)
        )
    }
}

/// The rules without variables, which readers of lone files do not all know.
static OWN_STYLE: LazyLock<String> = LazyLock::new(|| {
    let own = STYLE.split(SITE).next().unwrap_or_default();
    let (variables, rules) = own.split_once('}').unwrap_or(("", own));
    let mut style = rules.split_whitespace().collect::<Vec<_>>().join(" ");
    let declared = variables.split(['{', ';']).filter_map(|one| one.split_once(':'));
    for (name, value) in declared {
        style = style.replace(&format!("var({})", name.trim()), value.trim());
    }
    style
});

/// Where a text begins, stands or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A chart while it is drawn.
#[derive(Debug)]
pub(super) struct Drawing {
    width: f64,
    /// Down to where it is drawn on; whoever draws says so before the end.
    pub(super) height: f64,
    out: String,
}

impl Drawing {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width, height, out: String::new() }
    }

    /// The finished chart. `parts` make its name; it is the only one of them on its page.
    pub(super) fn done(
        self,
        kind: &'static str,
        parts: &[&str],
        title: String,
        desc: String,
    ) -> Svg {
        let Self { width, height, out } = self;
        let kept = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let name = [&[kind], parts].concat().join("-").chars().map(kept).collect();
        Svg { name, kind, width, height, title, desc, body: out }
    }

    // Writing to a text cannot fail.
    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        let _ = write!(
            self.out,
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        );
    }

    pub(super) fn rect(&mut self, class: &str, corner: (f64, f64), size: (f64, f64)) {
        let [x, y, width, height] = [corner.0, corner.1, size.0, size.1].map(number);
        let _ = write!(
            self.out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        );
    }

    pub(super) fn circle(&mut self, class: &str, middle: (f64, f64), radius: f64) {
        let [x, y, r] = [middle.0, middle.1, radius].map(number);
        let _ = write!(self.out, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>");
    }

    /// Corners joined by straight lines; `closed` joins the last to the first.
    pub(super) fn path(&mut self, class: &str, corners: &[(f64, f64)], closed: bool) {
        let mut d = String::new();
        for (place, (x, y)) in corners.iter().enumerate() {
            let letter = if place == 0 { 'M' } else { 'L' };
            let _ = write!(d, "{letter}{} {}", number(*x), number(*y));
        }
        let _ = write!(
            self.out,
            "<path class=\"{class}\" d=\"{d}{}\"/>",
            if closed { "Z" } else { "" }
        );
    }

    /// A text on its base line.
    pub(super) fn text(&mut self, class: &str, anchor: Anchor, at: (f64, f64), text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let [x, y] = [at.0, at.1].map(number);
        let _ = write!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
            escaped(text)
        );
    }

    /// Marks that belong together, with words that a pointer brings up.
    pub(super) fn group(&mut self, class: &str, said: &str, marks: impl FnOnce(&mut Self)) {
        let _ = write!(self.out, "<g class=\"{class}\"><title>{}</title>", escaped(said));
        marks(self);
        self.out.push_str("</g>");
    }
}

/// About how wide a text of 14 units is.
pub(super) fn text_width(text: &str) -> f64 {
    let of = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | '\'' => 4.4,
        'm' | 'w' | 'M' | 'W' => 12.0,
        c if c.is_ascii_uppercase() => 9.8,
        _ => 7.8,
    };
    text.chars().map(of).sum()
}

/// The text in lines of about this width, parted at spaces.
pub(super) fn lines(text: &str, width: f64) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match out.last_mut() {
            Some(last) if text_width(last) + 4.4 + text_width(word) <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
    }
    out
}

/// A length with at most one place.
pub(super) fn number(length: f64) -> String {
    let text = format!("{length:.1}");
    let short = text.strip_suffix(".0").unwrap_or(&text);
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

fn escaped(text: &str) -> String {
    handlebars::html_escape(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Svg {
        let mut drawing = Drawing::new(100.0, 20.0);
        drawing.line("c-grid", (0.0, 0.04), (99.96, -0.04));
        drawing.group("c-one", "A & <b>", |drawing| {
            drawing.text("c-label", Anchor::End, (50.25, 10.0), "<PBC>");
        });
        drawing.done("strip", &["Q 1", "a/b"], "Of <PBC>".to_owned(), "Words".to_owned())
    }

    #[test]
    fn a_chart_says_what_it_is_and_escapes_what_people_wrote() {
        let svg = chart();
        assert_eq!(svg.name(), "strip-Q-1-a-b");
        let text = svg.inline();
        assert!(text.contains("role=\"img\" aria-labelledby=\"strip-Q-1-a-b-title\""));
        assert!(text.contains("<title id=\"strip-Q-1-a-b-title\">Of &lt;PBC&gt;</title>"));
        assert!(text.contains("x1=\"0\" y1=\"0\" x2=\"100\" y2=\"0\""), "{text}");
        assert!(text.contains("x=\"50.2\"") && text.contains("&lt;PBC&gt;</text>"), "{text}");
        assert!(!text.contains("style"));
    }

    #[test]
    fn a_lone_chart_brings_its_colours_without_variables() {
        let text = chart().standalone();
        assert!(text.contains("xmlns=") && text.contains("<style>") && text.contains('#'));
        assert!(text.contains("Liberation Sans"));
        assert!(!text.contains("var(") && !text.contains("@media"), "{text}");
    }

    #[test]
    fn long_texts_are_parted_at_spaces() {
        let text = "Lack of commissioning skills in our group";
        let parted = lines(text, 150.0);
        assert!(parted.len() > 1 && parted.iter().all(|line| text_width(line) <= 150.0));
        assert_eq!(parted.join(" "), text);
    }
}
