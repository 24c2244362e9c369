//! How a section is made ahead: rendered, cut, and compared.

use super::super::cut::{Cut, Gap, Own, marker};
use super::super::respondent::{GridRow, OptionView, QuestionView, SectionPage};
use super::super::template::{PageError, Pages};
use super::{Around, BACK, HIDDEN, LEFT, Places, Prepared, PreparedSection, RESUMED, STEP, STEPS};
use crate::definition::{AnswerOption, Item, ItemAnswer, Kind, Question, Section};

/// Why nothing is made ahead.
enum Stop {
    /// The pieces would not give the page.
    Unfit,
    /// A template failed.
    Page(PageError),
}

impl From<PageError> for Stop {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

impl PreparedSection {
    /// Makes a section ahead from its page without a lead: once with no words
    /// for group and PCT, once with [`FOR_GROUP`](super::FOR_GROUP) and
    /// [`FOR_PCT`](super::FOR_PCT) for them; all its questions in the file's
    /// order, and no answer. None if the pieces would not give the page back.
    ///
    /// # Errors
    /// If a template fails.
    pub fn new(
        pages: &Pages,
        section: &Section,
        clean: &SectionPage,
        marked: SectionPage,
    ) -> Result<Option<Self>, PageError> {
        match make(pages, section, clean, marked) {
            Ok(prepared) => Ok(Some(prepared)),
            Err(Stop::Unfit) => Ok(None),
            Err(Stop::Page(error)) => Err(error),
        }
    }
}

fn make(
    pages: &Pages,
    section: &Section,
    clean: &SectionPage,
    mut page: SectionPage,
) -> Result<PreparedSection, Stop> {
    // A marker that an author wrote could not be told from ours.
    let clean = serde_json::to_string(clean).map_err(|_| Stop::Unfit)?;
    if clean.chars().any(|letter| ('\u{e000}'..'\u{f900}').contains(&letter)) {
        return Err(Stop::Unfit);
    }
    let word = |word: usize| marker(word).ok_or(Stop::Unfit);
    (page.step, page.steps, page.left) = (word(STEP)?, word(STEPS)?, word(LEFT)?);
    for (place, hidden) in page.hidden.iter_mut().enumerate() {
        hidden.value = word(HIDDEN + place)?;
    }
    let mut views = std::mem::take(&mut page.questions);
    if !views
        .iter()
        .map(|view| view.name.as_str())
        .eq(section.questions.iter().map(|q| q.code.as_str()))
    {
        return Err(Stop::Unfit);
    }
    let mut numbers =
        Numbers { words: HIDDEN + page.hidden.len(), switches: RESUMED + 1, items: Vec::new() };
    let mut questions = Vec::new();
    for (question, view) in section.questions.iter().zip(&mut views) {
        questions.push(numbers.prepare(pages, question, section, view)?);
    }
    let back = page.layout.back.take();
    let without_back = around(pages, &mut page, &views)?;
    let with_back = match back {
        None => None,
        Some(mut back) => {
            back.href = word(BACK)?;
            page.layout.back = Some(back);
            Some(around(pages, &mut page, &views)?)
        }
    };
    Ok(PreparedSection {
        without_back,
        with_back,
        questions,
        items: numbers.items,
        hidden: page.hidden.into_iter().map(|hidden| hidden.name).collect(),
        words: numbers.words,
        switches: numbers.switches,
    })
}

/// What the page has around its questions.
fn around(pages: &Pages, page: &mut SectionPage, views: &[QuestionView]) -> Result<Around, Stop> {
    let mut put = String::new();
    for view in views {
        put.push_str(&pages.question(view)?);
    }
    let mut gap = |resumed: bool| {
        page.resumed = resumed;
        page.questions = Vec::new();
        let empty = pages.html(page)?;
        page.questions = views.to_vec();
        Gap::of(&empty, &pages.html(page)?, &put).ok_or(Stop::Unfit)
    };
    let (off, on) = (gap(false)?, gap(true)?);
    let cut = |off: &str, on: &str| Cut::new(off, &[(RESUMED, on.to_owned())]).ok_or(Stop::Unfit);
    Ok(Around { before: cut(off.before(), on.before())?, after: cut(off.after(), on.after())? })
}

/// Gives out the numbers of words and switches.
struct Numbers {
    words: usize,
    switches: usize,
    items: Vec<Places>,
}

impl Numbers {
    fn prepare(
        &mut self,
        pages: &Pages,
        question: &Question,
        section: &Section,
        view: &mut QuestionView,
    ) -> Result<Prepared, Stop> {
        if depends(question, section) {
            return Ok(Prepared::Rendered);
        }
        for item in question.items(section) {
            self.mark(&item, view)?;
        }
        let prepared = match &question.kind {
            Kind::Grid(grid) => self.rows(pages, view, grid.shuffled)?,
            _ => Prepared::Whole(self.cut(view, &|view| Ok(pages.question(view)?))?),
        };
        self.compare(pages, view, &prepared)?;
        Ok(prepared)
    }

    fn word(&mut self) -> Result<(usize, String), Stop> {
        let word = self.words;
        self.words += 1;
        Ok((word, marker(word).ok_or(Stop::Unfit)?))
    }

    /// Puts markers where the answer to an item stands.
    fn mark(&mut self, item: &Item<'_>, view: &mut QuestionView) -> Result<(), Stop> {
        let first = self.switches;
        let options = options_of(view, item.code.as_str());
        self.switches += options.len();
        let values = options.iter().map(|option| option.value.parse());
        let values = values.collect::<Result<_, _>>().map_err(|_| Stop::Unfit)?;
        let mut other = None;
        if options.iter().any(|option| option.other.is_some()) {
            let (word, marker) = self.word()?;
            for beside in
                options_of(view, item.code.as_str()).iter_mut().filter_map(|o| o.other.as_mut())
            {
                beside.value.clone_from(&marker);
            }
            other = Some(word);
        }
        let text = view.text.as_mut().map(|text| &mut text.value);
        let value = text.or(view.number.as_mut().map(|number| &mut number.value));
        let mut given = None;
        if let Some(value) = value {
            let (word, marker) = self.word()?;
            *value = marker;
            let number = match item.answer {
                ItemAnswer::Number(number) => Some(number.clone()),
                _ => None,
            };
            given = Some((word, number));
        }
        self.items.push(Places { code: item.code.clone(), values, first, given, other });
        Ok(())
    }

    /// Cuts what is rendered of a question at the marks of its options.
    fn cut(
        &self,
        view: &QuestionView,
        render: &dyn Fn(&QuestionView) -> Result<String, Stop>,
    ) -> Result<Cut, Stop> {
        let mut on = Vec::new();
        for item in &self.items {
            let mut view = view.clone();
            let options = options_of(&mut view, item.code.as_str()).len();
            for place in 0..options {
                for (at, option) in options_of(&mut view, item.code.as_str()).iter_mut().enumerate()
                {
                    option.checked = at == place;
                }
                on.push((item.first + place, render(&view)?));
            }
        }
        Cut::new(&render(view)?, &on).ok_or(Stop::Unfit)
    }

    /// Cuts a grid into its rows and what is around them.
    fn rows(&self, pages: &Pages, view: &QuestionView, shuffled: bool) -> Result<Prepared, Stop> {
        let rows = view.grid.as_ref().map(|grid| grid.rows.as_slice()).unwrap_or_default();
        let with = |rows: &[GridRow]| {
            let mut view = view.clone();
            if let Some(grid) = &mut view.grid {
                grid.rows = rows.to_vec();
            }
            view
        };
        let empty = pages.question(&with(&[]))?;
        let alone: Vec<QuestionView> =
            rows.iter().map(|row| with(std::slice::from_ref(row))).collect();
        let ones = alone.iter().map(|view| pages.question(view)).collect::<Result<Vec<_>, _>>()?;
        let gap = Gap::find(&empty, &ones).ok_or(Stop::Unfit)?;
        let render = |view: &QuestionView| {
            let whole = pages.question(view)?;
            gap.put_into(&whole).map(str::to_owned).ok_or(Stop::Unfit)
        };
        let cut = |text: &str| Cut::new(text, &[]).ok_or(Stop::Unfit);
        Ok(Prepared::Rows {
            before: cut(gap.before())?,
            rows: alone.iter().map(|view| self.cut(view, &render)).collect::<Result<_, _>>()?,
            after: cut(gap.after())?,
            shuffled,
        })
    }

    /// Refuses what does not give the question back: with nothing chosen, and
    /// with everything chosen and the rows in another order.
    fn compare(&self, pages: &Pages, view: &QuestionView, made: &Prepared) -> Result<(), Stop> {
        let words = (0..self.words).map(|word| marker(word).ok_or(Stop::Unfit));
        let words = words.collect::<Result<Vec<_>, _>>()?;
        let mut chosen = view.clone();
        for item in &self.items {
            for option in options_of(&mut chosen, item.code.as_str()) {
                option.checked = true;
            }
        }
        let forth = |rows: usize| (0..rows).collect();
        let mut back: fn(usize) -> Vec<usize> = forth;
        if let (Some(grid), Prepared::Rows { shuffled: true, .. }) = (&mut chosen.grid, made) {
            grid.rows.reverse();
            chosen.id = grid.rows.first().map_or_else(|| chosen.id.clone(), |row| row.id.clone());
            back = |rows| (0..rows).rev().collect();
        }
        for (view, on, order) in
            [(view, false, forth as fn(usize) -> Vec<usize>), (&chosen, true, back)]
        {
            let mut joined = String::new();
            let own = Own { words: &words, switches: &vec![on; self.switches] };
            made.join(&own, &order, &mut joined);
            if joined != pages.question(view)? {
                return Err(Stop::Unfit);
            }
        }
        Ok(())
    }
}

/// Whether more of a question than its being asked depends on other answers.
fn depends(question: &Question, section: &Section) -> bool {
    let row = match &question.kind {
        Kind::Grid(grid) => grid.rows.iter().any(|row| row.show_if.is_some()),
        _ => false,
    };
    let conditional = |option: &AnswerOption| option.show_if.is_some();
    row || question
        .items(section)
        .iter()
        .any(|item| item.options().unwrap_or_default().iter().any(conditional))
}

/// The options of an item in the view of a question, if it is there.
fn options_of<'v>(view: &'v mut QuestionView, item: &str) -> &'v mut [OptionView] {
    if let Some(grid) = &mut view.grid {
        let row = grid.rows.iter_mut().find(|row| row.name == item);
        return row.map(|row| row.options.as_mut_slice()).unwrap_or_default();
    }
    if view.name != item {
        return &mut [];
    }
    let radios = view.radios.as_mut().map(|radios| &mut radios.options);
    let ticks = view.ticks.as_mut().map(|ticks| &mut ticks.options);
    let out = view.number.as_mut().map(|number| &mut number.ways_out);
    radios.or(ticks).or(out).map(Vec::as_mut_slice).unwrap_or_default()
}
