//! Pages and mails as text: one context struct for each template, and two
//! strict handlebars registries that turn a context into text.
//!
//! Contexts hold finished sentences and numbers. A template never adds,
//! rounds, sorts or hides anything, and this room never knows where a value
//! came from, what the time is or who is asking.
//!
//! Every template is compiled in and is rendered with every sample of its
//! context by a test, so a field that is missing or misspelt cannot reach a
//! reader.

mod account;
mod accounts;
mod act;
mod check;
mod closing_record;
mod comments;
mod cut;
mod deputy;
mod fault;
mod fields;
mod flags;
mod form;
mod help;
mod layout;
mod letters;
mod lost_link;
mod mails;
mod network;
mod office;
mod office_mail;
mod outbox;
mod paper;
mod prepared;
mod promise;
mod public;
mod receipts;
mod register;
mod release_acts;
mod release_desk;
mod respondent;
mod results;
mod schedule;
mod sign_in;
mod stocktake;
mod stop;
mod surveys;
mod template;
mod trail;

pub use account::{
    AccountPage, EnrolmentView, RecoveryCodesPage, RemoveSecondStepPage, SecondStepPage,
    SecondStepView, SessionRow,
};
pub use accounts::{
    AccountConfirmPage, AccountRow, AccountTokenPage, AccountsPage, NewAccountPage, OneAccountPage,
    RoleChoice, RoleFields, UnitChoice,
};
pub use act::{
    ActField, ActPage, ChoiceView, ChoicesView, DayView, FileView, HandedView, MonthView,
    PlainList, PlainRow, PlainTable, SecondView,
};
pub use check::{lines, summary};
pub use closing_record::{ClosingRecordPage, RecordUnit};
pub use comments::{
    CommentPage, CommentQuestionRow, CommentRow, CommentsPage, GoingView, OwnWordsPage, PieceView,
    PublishCommentsPage, SaidOnQuestion, Tab, TakeDownCommentsPage, ThemeRow,
};
pub use deputy::{DeputyCheckPage, DeputyPage, HandedOverPage};
pub use fault::sentence;
pub use fields::{AreaView, FieldView, form_title};
pub use flags::{FlagGroup, FlagRow, FlagsPage};
pub use form::{Fault, Filled, offers, questions};
pub use help::{HELP, HelpIndexPage, HelpPage, HelpPart, HelpRow, HelpTask};
pub use layout::{
    Assets, Fact, Frame, Hidden, Layout, Link, NavItem, Office, PreviewBar, SignedIn, paragraphs,
};
pub use letters::{
    Choice, LetterField, LetterPage, LetterRow, LettersPage, Meanwhile, PreviewPart, PreviewView,
    VersionRow,
};
pub use lost_link::{LeavePage, LostLinkPage, LostLinkSentPage};
pub use mails::MailText;
pub use network::{
    IdeaPage, IdeaView, NetworkIdeasPage, NetworkPage, NetworkThanksPage, OfficeNetworkPage,
    PublicIdeaView,
};
pub use office::{
    KeyView, MailCounts, OfficePage, OfficeWavePage, OfficeWaveRow, ToDoView, UnitTurnout,
};
pub use office_mail::{
    AddressPage, MailCountRow, MailWaveView, OfficeMailPage, PauseView, StoppedView, TroubleView,
};
pub use outbox::{OutboxMailPage, OutboxPage, OutboxRow, TextPiece, pieces};
pub use paper::{
    PaperGrid, PaperNumber, PaperOption, PaperPage, PaperQuestion, PaperRow, PaperSection,
};
pub use prepared::{
    FOR_GROUP, FOR_PCT, OwnCheck, OwnSection, PreparedCheck, PreparedPage, PreparedSection,
    own_words,
};
pub use promise::{PromisePage, PromisedWave};
pub use public::{HomePage, MessagePage};
pub use receipts::{Found, ReceiptList, ReceiptsPage};
pub use register::{
    ChangeView, ChangedNoun, CountsRow, EventView, FaultRow, HistoryChange, LastChange, Mend,
    MergePage, RegisterConfirmPage, RegisterFormPage, RegisterGroup, RegisterGroupPage,
    RegisterHistoryPage, RegisterImportPage, RegisterLead, RegisterPage, RegisterPreviewPage,
    RegisterUnit, SelectOption, SelectView, TableColumns,
};
pub use release_acts::{
    EarlyForm, EarlyPage, EarlyRow, LookAsPage, LookAsUnit, NotePage, PlanPage, PublishPage,
    SecondStep, ShowingPage, WhenView,
};
pub use release_desk::{
    AskedView, BuildView, BuiltView, PublicationView, ReleaseDeskPage, ShownUnit, TestedRow,
};
pub use respondent::{
    CheckPage, CheckRow, CheckSection, ConfirmView, DeclinePage, DeclinedPage, DonePage, GridRow,
    GridView, LEAVE_BLANK, NumberView, OptionView, OtherView, Prompt, QuestionView, RadiosView,
    SectionPage, TextView, TicksView, WelcomePage,
};
pub use results::{
    ActRow, BandRow, BandView, BarrierRow, CellView, ChangeRow, ChartView, Choices, ChosenRow,
    ChosenTable, ClaimCell, ClaimRow, ClaimsRow, FigureView, FlagView, HeadView, IndexRow,
    ItemGroup, ItemRow, LegendEntry, MeasurePage, MeasureUnitRow, NumberPage, NumberRow,
    NumberUnit, OpenWave, OptionRow, OverviewChoice, OverviewPage, OverviewRow, OwnPct, PctPage,
    ProposalView, RangeView, ReleasedWave, ResultsIndexPage, SaidRow, ScoreView, SpreadRow,
    SummaryPage, TrendRow, TrendView,
};
pub use schedule::{RemindPage, RoundPage, RoundView, SchedulePage, TimeView};
pub use sign_in::{OnwardPage, SignInCodePage, SignInFormPage, SignInPage, SignInSentPage};
pub use stocktake::{
    ClaimView, LightView, StocktakeColumn, StocktakePage, StocktakeRow, UnitStocktake,
};
pub use stop::{StopPage, StoppedPage};
pub use surveys::{ModuleBox, PreviewEndPage, SurveyRow, SurveysPage};
pub use template::{Page, PageError, Pages};
pub use trail::{TrailPage, TrailRow};

#[cfg(test)]
mod tests;
