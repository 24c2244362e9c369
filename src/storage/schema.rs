//! The tables, once for both databases.

diesel::table! { house (name) { name -> Text, value -> Text, } }
diesel::table! { clusters (slug) { slug -> Text, name -> Text, } }
diesel::table! {
    reporting_units (slug) { slug -> Text, label -> Text, cluster_slug -> Nullable<Text>, }
}
diesel::table! {
    pcts (code) {
        code -> Text,
        name -> Text,
        short_name -> Text,
        population -> Nullable<Integer>,
        source -> Text,
        unit_slug -> Text,
    }
}
diesel::table! {
    pbc_groups (slug) {
        slug -> Text,
        name -> Text,
        pct_code -> Text,
        practices -> Nullable<Integer>,
        population -> Nullable<Integer>,
        legal_form -> Text,
        as_at -> Text,
        source -> Text,
        synthetic -> Bool,
    }
}
diesel::table! {
    leads (id) {
        id -> Text,
        group_slug -> Text,
        name -> Text,
        role -> Text,
        email -> Text,
        email_key -> Text,
        synthetic -> Bool,
    }
}
diesel::table! {
    register_changes (number) {
        number -> BigInt,
        changed_at -> Timestamp,
        actor -> Text,
        about -> Text,
    }
}
diesel::table! {
    register_events (change, place) {
        change -> BigInt,
        place -> Integer,
        turn -> Text,
        noun -> Text,
        code -> Text,
        name -> Text,
        detail -> Text,
    }
}
diesel::table! {
    register_before (change) {
        change -> BigInt,
        good_until -> Timestamp,
        packed -> Text,
        digest -> Text,
    }
}
diesel::table! {
    register_uploads (id, place) {
        id -> Text,
        place -> Integer,
        name -> Text,
        bytes -> Binary,
        good_until -> Timestamp,
    }
}
diesel::table! {
    definitions (fingerprint) { fingerprint -> Text, file_name -> Text, source -> Text, }
}
diesel::table! {
    waves (code) {
        code -> Text,
        title -> Text,
        fingerprint -> Text,
        modules -> Text,
        fin_year -> Text,
        opens_at -> Timestamp,
        closes_at -> Timestamp,
        publishes_at -> Timestamp,
        purpose -> Text,
        imported -> Bool,
        smallest -> Integer,
        smallest_groups -> Integer,
        state -> Text,
        public_key -> Nullable<Binary>,
        tree -> Nullable<Text>,
    }
}
diesel::table! {
    custody (wave_code) {
        wave_code -> Text,
        kind -> Text,
        needed -> Integer,
        held -> Text,
        rehearsed_on -> Text,
    }
}
diesel::table! {
    invitations (id) {
        id -> Text,
        wave_code -> Text,
        unit_slug -> Text,
        pct_name -> Text,
        group_slug -> Text,
        group_name -> Text,
        lead_name -> Text,
        lead_email -> Text,
        generation -> Integer,
        token_hash -> Binary,
        standing -> Text,
        last_generation -> Integer,
        email_key -> Text,
        thanks_due -> Nullable<Timestamp>,
        slot -> BigInt,
    }
}
diesel::table! {
    deputies (invitation_id) {
        invitation_id -> Text,
        generation -> Integer,
        token_hash -> Binary,
        name -> Text,
        email -> Text,
        email_key -> Text,
    }
}
diesel::table! {
    prepared_keys (wave_code) {
        wave_code -> Text,
        public_key -> Binary,
        kind -> Text,
        needed -> Integer,
        held -> Text,
    }
}
diesel::table! { spent_links (token_hash) { token_hash -> Binary, wave_code -> Text, } }
diesel::table! {
    outbox (id) {
        id -> Text,
        recipient -> Text,
        wave_code -> Nullable<Text>,
        invitation_id -> Nullable<Text>,
        kind -> Text,
        round -> Integer,
        generation -> Nullable<Integer>,
        state -> Text,
        due_at -> Timestamp,
        good_until -> Timestamp,
        holder -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        fence -> BigInt,
        attempts -> Integer,
        unknowns -> Integer,
        reason -> Nullable<Text>,
        bounce -> Nullable<Text>,
        bounce_reason -> Nullable<Text>,
        settled -> Bool,
    }
}
diesel::table! {
    mail_rounds (wave_code, kind, round) {
        wave_code -> Text,
        kind -> Text,
        round -> Integer,
        due_at -> Timestamp,
        state -> Text,
        planned -> Integer,
        gone -> Integer,
    }
}
diesel::table! {
    mail_pauses (scope) { scope -> Text, cause -> Text, reason -> Text, since -> Timestamp, }
}
diesel::table! {
    mail_minutes (minute, domain) { minute -> BigInt, domain -> Text, mails -> Integer, }
}
diesel::table! {
    letters (wave_code, kind, version) {
        wave_code -> Text,
        kind -> Text,
        version -> Integer,
        subject -> Text,
        body -> Text,
        saved_by -> Text,
        saved_at -> Timestamp,
    }
}
diesel::table! {
    stopped_addresses (email_key) {
        email_key -> Text,
        cause -> Text,
        reason -> Text,
        day -> Text,
    }
}
diesel::table! {
    came_back (news) { news -> Text, messages -> BigInt, }
}
diesel::table! {
    drafts (slot) {
        slot -> BigInt,
        sealed -> Binary,
        good_until -> Text,
    }
}
diesel::table! { receipts (wave_code, receipt) { wave_code -> Text, receipt -> Binary, } }
diesel::table! { closing_records (wave_code) { wave_code -> Text, record -> Text, } }
diesel::table! {
    envelopes (slot) {
        slot -> BigInt,
        version -> Integer,
        sealed -> Binary,
    }
}
diesel::table! {
    ballots (id) { id -> Text, wave_code -> Text, unit_slug -> Text, marks -> Binary, }
}
diesel::table! {
    comments (id) {
        id -> Text,
        wave_code -> Text,
        item_code -> Text,
        words -> Text,
        quotable -> Bool,
    }
}
diesel::table! {
    comment_readings (comment_id) {
        comment_id -> Text,
        wave_code -> Text,
        decision -> Text,
        words -> Text,
        first_reader -> Text,
        second_reader -> Nullable<Text>,
    }
}
diesel::table! {
    comment_themes (wave_code, code) { wave_code -> Text, code -> Text, words -> Text, }
}
diesel::table! {
    comment_theme_marks (comment_id, theme_code) {
        comment_id -> Text,
        wave_code -> Text,
        theme_code -> Text,
    }
}
diesel::table! { published_comments (wave_code) { wave_code -> Text, published -> Text, } }
diesel::table! {
    numbers (id) { id -> Text, wave_code -> Text, item_code -> Text, amount -> BigInt, }
}
diesel::table! {
    morning_turnout (wave_code, unit_slug) {
        wave_code -> Text,
        unit_slug -> Text,
        as_of -> Text,
        invited -> Integer,
        answered -> Integer,
    }
}
diesel::table! {
    turnout (wave_code, unit_slug) {
        wave_code -> Text,
        unit_slug -> Text,
        invited -> Integer,
        answered -> Integer,
        groups_answering -> Integer,
    }
}
diesel::table! {
    spoiled (wave_code, unit_slug) { wave_code -> Text, unit_slug -> Text, envelopes -> Integer, }
}
diesel::table! {
    network_ideas (id) {
        id -> Text,
        words -> Text,
        group_name -> Text,
        name -> Text,
        email -> Text,
        purpose -> Text,
        edited -> Nullable<Text>,
        named -> Bool,
        published -> Bool,
    }
}
diesel::table! {
    look_first (wave_code, unit_slug, rule, measure) {
        wave_code -> Text,
        unit_slug -> Text,
        rule -> Text,
        measure -> Text,
        decision -> Text,
        note -> Text,
        who -> Text,
    }
}
diesel::table! {
    releases (wave_code) {
        wave_code -> Text,
        digest -> Text,
        canonical -> Binary,
        published_at -> Nullable<Timestamp>,
        due_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    showings (wave_code) { wave_code -> Text, peers -> Text, public_summary -> Bool, }
}
diesel::table! {
    early_access (wave_code, email) {
        wave_code -> Text,
        email -> Text,
        who -> Text,
        reason -> Text,
        granted_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
        seen_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    release_notes (wave_code, number) {
        wave_code -> Text,
        number -> Integer,
        noted_at -> Timestamp,
        words -> Text,
    }
}
diesel::table! {
    stocktake_returns (as_at, unit_slug) {
        as_at -> Text,
        unit_slug -> Text,
        incentive -> Text,
        information -> Text,
        governance -> Text,
        budget -> Text,
        plans -> Text,
        published -> Text,
    }
}
diesel::table! {
    trail (number) {
        number -> BigInt,
        at -> Timestamp,
        who -> Text,
        act -> Text,
        about -> Text,
        detail -> Text,
        link -> Binary,
    }
}
diesel::table! {
    seconds (act, about) {
        act -> Text,
        about -> Text,
        form -> Text,
        asked_by -> Text,
        asked_at -> Timestamp,
    }
}
diesel::table! { cancelled_waves (wave_code) { wave_code -> Text, reason -> Text, } }
diesel::table! {
    accounts (email) {
        email -> Text,
        role -> Text,
        unit_slug -> Nullable<Text>,
        last_sign_in -> Nullable<Text>,
    }
}
diesel::table! {
    sign_in_links (hash) {
        hash -> Binary,
        email -> Text,
        expires_at -> Timestamp,
        reusable -> Bool,
        browser -> Nullable<Binary>,
    }
}
diesel::table! {
    sessions (hash) {
        hash -> Binary,
        email -> Text,
        stage -> Text,
        begun_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}
diesel::table! {
    second_steps (email) {
        email -> Text,
        sealed -> Binary,
        confirmed -> Bool,
        last_step -> BigInt,
        wrong_at -> Text,
    }
}
diesel::table! { recovery_codes (email, hash) { email -> Text, hash -> Binary, } }
diesel::table! {
    provider_pins (email) {
        email -> Text,
        issuer -> Text,
        subject -> Text,
        refused_on -> Nullable<Text>,
    }
}
diesel::table! {
    api_tokens (hash) { hash -> Binary, email -> Text, }
}

diesel::allow_tables_to_appear_in_same_query!(
    invitations,
    deputies,
    envelopes,
    drafts,
    outbox,
    waves
);
diesel::allow_tables_to_appear_in_same_query!(accounts, sign_in_links, sessions, api_tokens);
