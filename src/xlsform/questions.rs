//! Single rows of the survey sheet as questions.

use super::carrier::{Carrier, short};
use super::condition::Condition;
use super::draft::{Answers, DraftKind, DraftNumber, DraftOption, DraftQuestion, End};
use super::range::{Edge, Range};
use super::relevant::Takes;
use super::row_type::RowType;
use super::workbook::SheetRow;
use super::xpath;

/// A list longer than this is asked in words.
const MOST_OPTIONS: usize = 100;
/// The length of a text that the form does not limit.
const TEXT: u32 = 600;
/// The longest text that a survey file takes.
const LONGEST_TEXT: u32 = 3_000;
/// The length of the words beside an "other" answer.
const OTHER: u32 = 100;

impl<'s> Carrier<'_, 's> {
    /// The question of a row; none if it has no counterpart.
    pub(super) fn question(
        &mut self,
        row: &'s SheetRow,
        is: &RowType,
        around: &[Condition],
    ) -> Option<DraftQuestion> {
        let name = match is {
            RowType::Foreign(why) => {
                self.leave_out(row, why);
                return None;
            }
            _ => self.name(row),
        };
        if name.is_empty() {
            return None;
        }
        let show_if = self.asked_if(row, around);
        let (kind, code, takes, used): (_, _, _, &[&str]) = match is {
            RowType::Select { list, several, other } => {
                let (kind, code, takes) = self.select(row, name, (list, *several, *other))?;
                (kind, code, takes, &["choice_filter"])
            }
            RowType::Integer | RowType::Decimal | RowType::Range => {
                let (number, used) = self.number(row, is);
                let code = self.code(row, name, &[]);
                (DraftKind::Number(number), code, Takes::Number, used)
            }
            _ => (self.text(row), self.code(row, name, &[]), Takes::Words, &[]),
        };
        let from = match &kind {
            DraftKind::One(answers) | DraftKind::Several { answers, .. } => answers.from.is_some(),
            _ => false,
        };
        self.idle(row, if from || !used.contains(&"choice_filter") { used } else { &[] });
        self.known.ask(name, &code, takes);
        let ask = self.label(row, name);
        let help = self.words(row, "hint");
        Some(DraftQuestion {
            row: row.number,
            name: name.to_owned(),
            code,
            ask,
            help,
            show_if,
            kind,
        })
    }

    fn select(
        &mut self,
        row: &'s SheetRow,
        name: &str,
        (list_name, several, other): (&str, bool, bool),
    ) -> Option<(DraftKind, String, Takes)> {
        let list = self.list(row, list_name)?;
        let mut answers = list.answers(list_name, several);
        self.tell_of_scores(row, &answers, list, several);
        if answers.options.iter().any(|option| option.other.is_some()) {
            self.others.insert(format!("{name}_other"));
        }
        if other {
            add_other(&mut answers);
        }
        self.take_from(row, &mut answers, list);
        let most = self.limits(row, &mut answers, several);
        let derived = usize::from(answers.from.is_some()) * 2;
        match answers.options.len() + derived {
            0 | 1 => {
                self.leave_out(row, "a question with fewer than two choices asks nothing");
                return None;
            }
            count if count > MOST_OPTIONS => {
                let why = format!("a question has {MOST_OPTIONS} options at most");
                self.lose(
                    row,
                    "type",
                    format!("{name} is asked in words, without its {count} choices"),
                    why,
                );
                let code = self.code(row, name, &[]);
                return Some((DraftKind::Text { max_chars: 200, told: false }, code, Takes::Words));
            }
            _ => {}
        }
        let values: Vec<(String, u16)> =
            answers.options.iter().map(|option| (option.name.clone(), option.value)).collect();
        if !several {
            let code = self.code(row, name, &[]);
            return Some((DraftKind::One(answers), code, Takes::One(values)));
        }
        let counted = answers.options.iter().filter(|option| option.counts.is_none());
        let columns: Vec<u16> = counted.map(|option| option.value).collect();
        let code = self.code(row, name, &columns);
        let most =
            most.filter(|most| usize::try_from(*most).is_ok_and(|most| most < columns.len()));
        Some((DraftKind::Several { answers, most }, code, Takes::Several(values)))
    }

    fn tell_of_scores(
        &mut self,
        row: &'s SheetRow,
        answers: &Answers,
        list: &super::lists::List,
        several: bool,
    ) {
        if list.has_scores() && !answers.scored {
            let why = if several {
                "several choices have no order"
            } else {
                "they make no scale: every choice scores or counts, and scores only rise or \
                 only fall"
            };
            let what = format!("the scores of the list {} are left out", answers.list);
            self.lose(row, "type", what, why);
        } else if !several && !answers.scored {
            self.plain_lists.insert(answers.list.clone());
        }
    }

    /// What a constraint says of choices: the most, and those that stand alone.
    fn limits(&mut self, row: &'s SheetRow, answers: &mut Answers, several: bool) -> Option<u32> {
        let constraint = self.constraint(row);
        self.only(row, &constraint, if several { &["most"] } else { &[] });
        for alone in constraint.alone.iter().filter(|_| several) {
            let option = answers.options.iter_mut().find(|option| option.name == *alone);
            if let Some(option) = option {
                option.exclusive = option.counts.is_none();
            } else {
                let what = format!("{alone:?} does not stand alone");
                self.lose(row, "constraint", what, "the list has no such choice");
            }
        }
        constraint.most
    }

    /// Options that come from an earlier question, as this program's own export
    /// notes them: `BAR 3 4 5`.
    fn take_from(&mut self, row: &'s SheetRow, answers: &mut Answers, list: &super::lists::List) {
        let Some(text) = self.get(row, super::columns::OPTIONS_FROM) else { return };
        let mut words = text.split_whitespace();
        let question = words.next().unwrap_or_default().to_owned();
        let values: Option<Vec<u16>> = words.map(|word| word.parse().ok()).collect();
        let Some(values) = values else {
            let why = "it is a question's code and values of answers";
            return self.lose(
                row,
                super::columns::OPTIONS_FROM,
                format!("{:?} is left out", short(text)),
                why,
            );
        };
        let own = answers.options.get(..answers.own).unwrap_or_default();
        answers.own -= own.iter().filter(|option| list.from.contains(&option.value)).count();
        answers.options.retain(|option| !list.from.contains(&option.value));
        answers.from = Some((question, values));
    }

    fn number(
        &mut self,
        row: &'s SheetRow,
        is: &RowType,
    ) -> (DraftNumber, &'static [&'static str]) {
        let mut range = self.constraint(row);
        let mut used: &[&str] = &[];
        if *is == RowType::Range
            && let Some(parameters) = self.get(row, "parameters")
        {
            used = &["parameters"];
            self.take_parameters(row, parameters, &mut range);
        }
        self.only(row, &range, &["range"]);
        let told = self.get(row, "decimals").and_then(|text| text.parse().ok()).filter(|n| *n <= 3);
        let decimals = told.unwrap_or(match is {
            RowType::Integer => 0,
            RowType::Range => range.places,
            _ => range.places.max(1),
        });
        let min = self.end(row, range.min, decimals, false);
        let max = self.end(row, range.max, decimals, true);
        let number = DraftNumber {
            unit: self.words(row, "unit"),
            decimals,
            min,
            max,
            usual_min: self.usual(row, "usual_min"),
            usual_max: self.usual(row, "usual_max"),
            bands: self.bands(row),
            also: self.ways_out(row),
        };
        (number, used)
    }

    fn end(
        &mut self,
        row: &'s SheetRow,
        edge: Option<Edge>,
        decimals: u8,
        upper: bool,
    ) -> Option<End> {
        match edge? {
            Edge::Amount { thousandths, open } => {
                Some(End::Amount(Edge::amount(thousandths, open, decimals, upper)))
            }
            Edge::Answer(name) => match self.known.find(&name) {
                Ok((code, Takes::Number)) => Some(End::Answer(code.to_owned())),
                Ok(_) => {
                    self.lose(
                        row,
                        "constraint",
                        format!("{name} is no end of the range"),
                        "it is no number",
                    );
                    None
                }
                Err(why) => {
                    self.lose(row, "constraint", format!("{name} is no end of the range"), why);
                    None
                }
            },
        }
    }

    fn take_parameters(&mut self, row: &'s SheetRow, parameters: &str, range: &mut Range) {
        let spaced = parameters.replace(" =", "=").replace("= ", "=");
        for part in spaced.split([' ', ',', ';']).filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let read = crate::definition::read_amount(value, 3).ok();
            let edge = read.map(|thousandths| Edge::Amount { thousandths, open: false });
            let places =
                value.split_once('.').map_or(0, |(_, part)| part.trim_end_matches('0').len());
            match (key, edge) {
                ("start", Some(edge)) => range.min = Some(edge),
                ("end", Some(edge)) => range.max = Some(edge),
                ("step", _) if value == "1" => {}
                _ => {
                    let why = "every number in a range is taken, and it is typed in";
                    self.lose(row, "parameters", format!("{part:?} is left out"), why);
                }
            }
            range.places = range.places.max(u8::try_from(places).unwrap_or(3).min(3));
        }
    }

    fn usual(&mut self, row: &'s SheetRow, key: &str) -> Option<String> {
        let text = self.get(row, key)?;
        if text.parse::<f64>().is_ok_and(f64::is_finite) && !text.contains(['e', 'E', '+']) {
            return Some(text.to_owned());
        }
        self.lose(row, key, format!("{text:?} is left out"), "it is no number");
        None
    }

    /// Bands as this program's own export notes them: a list in TOML.
    fn bands(&mut self, row: &'s SheetRow) -> Option<String> {
        let text = self.get(row, "bands")?;
        let table = format!("bands = {}", text.replace('\n', " ")).parse::<toml::Table>();
        let list =
            table.ok().and_then(|table| table.get("bands").cloned()).filter(toml::Value::is_array);
        if list.is_none() {
            self.lose(
                row,
                "bands",
                format!("{:?} is left out", short(text)),
                "it is no list of bands",
            );
        }
        list.map(|list| list.to_string())
    }

    /// The ways out of a number, which a list of their own names.
    fn ways_out(&mut self, row: &'s SheetRow) -> Vec<DraftOption> {
        let Some(name) = self.get(row, "also") else { return Vec::new() };
        let lists = self.lists;
        let Some(list) = lists.get(name) else {
            self.lose(row, "also", format!("{name:?} is left out"), "there is no such list");
            return Vec::new();
        };
        self.used_lists.insert(name.to_owned());
        list.answers(name, true)
            .options
            .into_iter()
            .filter(|option| option.counts.is_some())
            .collect()
    }

    fn text(&mut self, row: &'s SheetRow) -> DraftKind {
        let constraint = self.constraint(row);
        self.only(row, &constraint, &["longest"]);
        let told = constraint.longest.is_some();
        let longest = constraint.longest.unwrap_or(TEXT);
        if longest > LONGEST_TEXT {
            let why = format!("a text has {LONGEST_TEXT} characters at most");
            self.lose(
                row,
                "constraint",
                format!("{longest} characters become {LONGEST_TEXT}"),
                why,
            );
        }
        DraftKind::Text { max_chars: longest.min(LONGEST_TEXT), told }
    }

    /// What a row's constraint says, its parts without a counterpart told.
    pub(super) fn constraint(&mut self, row: &'s SheetRow) -> Range {
        let Some(text) = self.get(row, "constraint") else { return Range::default() };
        let range = match xpath::read(text) {
            Ok(expression) => Range::of(&expression),
            Err(why) => Range { lost: vec![why], ..Range::default() },
        };
        for why in &range.lost {
            let what = format!("the constraint {:?} or a part of it is left out", short(text));
            self.lose(row, "constraint", what, why.clone());
        }
        range
    }

    /// Tells the parts of a constraint that the kind of question has no use for.
    pub(super) fn only(&mut self, row: &'s SheetRow, range: &Range, useful: &[&str]) {
        let parts = [
            ("range", range.min.is_some() || range.max.is_some()),
            ("longest", range.longest.is_some()),
            ("most", range.most.is_some() || !range.alone.is_empty()),
        ];
        for (part, there) in parts {
            if there && !useful.contains(&part) {
                let text = self.get(row, "constraint").unwrap_or_default();
                let what = format!("the constraint {:?} or a part of it is left out", short(text));
                self.lose(row, "constraint", what, "it does not suit the type of the row");
            }
        }
    }
}

/// The answer that `or_other` adds.
fn add_other(answers: &mut Answers) {
    let free =
        (1..u16::MAX).find(|value| answers.options.iter().all(|option| option.value != *value));
    let taken = |label: &str| answers.options.iter().any(|option| option.label == label);
    let label =
        ["Other", "Other (please say)", "Other than these"].into_iter().find(|label| !taken(label));
    if let (Some(value), Some(label)) = (free, label) {
        let option = DraftOption {
            name: "other".to_owned(),
            value,
            label: label.to_owned(),
            score: None,
            counts: None,
            favourable: None,
            unfavourable: None,
            exclusive: false,
            other: Some(OTHER),
        };
        answers.options.insert(answers.own.min(answers.options.len()), option);
        answers.own += 1;
    }
    if answers.scored {
        answers.scored = false;
        for option in &mut answers.options {
            (option.score, option.favourable, option.unfavourable) = (None, None, None);
        }
    }
}
