//! The tables as diesel sees them. `migrations/` is the truth; a test compares the two.

diesel::table! {
    catalogs (id) {
        id -> BigInt,
        digest -> Text,
        content -> Text,
        added_at -> TimestamptzSqlite,
    }
}

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    step_uses (step) {
        step -> Text,
        uses -> BigInt,
    }
}

diesel::table! {
    activities (id) {
        id -> BigInt,
        activity_id -> Text,
    }
}

diesel::table! {
    teams (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        description -> Text,
        created_at -> TimestamptzSqlite,
        retired_at -> Nullable<TimestamptzSqlite>,
    }
}

diesel::table! {
    team_groups (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        created_at -> TimestamptzSqlite,
    }
}

diesel::table! {
    team_group_members (group_id, team_id) {
        group_id -> BigInt,
        team_id -> BigInt,
    }
}

diesel::table! {
    team_profiles (team_id) {
        team_id -> BigInt,
        profile -> BigInt,
    }
}

diesel::table! {
    assessments (id) {
        id -> BigInt,
        team_id -> BigInt,
        period -> Text,
        catalog_id -> BigInt,
        opened_at -> TimestamptzSqlite,
        opened_by -> Text,
        submitted_at -> Nullable<TimestamptzSqlite>,
        submitted_by -> Nullable<Text>,
        digest -> Nullable<Text>,
    }
}

diesel::table! {
    submissions (id) {
        id -> BigInt,
        assessment_id -> BigInt,
        statuses -> Text,
        taken_over -> Text,
    }
}

diesel::table! {
    answers (id) {
        id -> BigInt,
        assessment_id -> BigInt,
        activity -> BigInt,
        status -> Text,
        not_applicable_reason -> Text,
        note -> Text,
        inherited_from -> Nullable<BigInt>,
        carried -> Bool,
        answered_at -> TimestamptzSqlite,
        answered_by -> Text,
        superseded_at -> Nullable<TimestamptzSqlite>,
        since -> Nullable<Date>,
    }
}

diesel::table! {
    reopenings (id) {
        id -> BigInt,
        assessment_id -> BigInt,
        submitted_at -> TimestamptzSqlite,
        submitted_by -> Text,
        reopened_at -> TimestamptzSqlite,
        reopened_by -> Text,
        reason -> Text,
    }
}

diesel::table! {
    evidence (id) {
        id -> BigInt,
        added_at -> TimestamptzSqlite,
        added_by -> Text,
    }
}

diesel::table! {
    evidence_versions (id) {
        id -> BigInt,
        evidence_id -> BigInt,
        title -> Text,
        link -> Text,
        text -> Text,
        recorded_on -> Date,
        expires_on -> Nullable<Date>,
        reviewer -> Text,
        withdrawn -> Nullable<Text>,
        changed_at -> TimestamptzSqlite,
        changed_by -> Text,
        superseded_at -> Nullable<TimestamptzSqlite>,
    }
}

diesel::table! {
    evidence_activities (version_id, activity) {
        version_id -> BigInt,
        activity -> BigInt,
    }
}

diesel::table! {
    evidence_teams (version_id, team_id) {
        version_id -> BigInt,
        team_id -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        role -> Text,
        is_of_all -> Bool,
        created_at -> TimestamptzSqlite,
        disabled_at -> Nullable<TimestamptzSqlite>,
    }
}

diesel::table! {
    user_teams (user_id, team_id) {
        user_id -> BigInt,
        team_id -> BigInt,
    }
}

diesel::table! {
    user_groups (user_id, group_id) {
        user_id -> BigInt,
        group_id -> BigInt,
    }
}

diesel::table! {
    passwords (user_id) {
        user_id -> BigInt,
        hash -> Text,
        changed_at -> TimestamptzSqlite,
    }
}

diesel::table! {
    password_links (user_id) {
        user_id -> BigInt,
        digest -> Text,
        expires_at -> TimestamptzSqlite,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        user_id -> BigInt,
        digest -> Text,
        created_at -> TimestamptzSqlite,
        last_seen_at -> TimestamptzSqlite,
        address -> Text,
        browser -> Text,
        ended_at -> Nullable<TimestamptzSqlite>,
    }
}

diesel::table! {
    tokens (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        digest -> Text,
        scope -> Text,
        is_of_all -> Bool,
        created_by -> Text,
        created_at -> TimestamptzSqlite,
        expires_at -> TimestamptzSqlite,
        last_used_at -> Nullable<TimestamptzSqlite>,
        last_used_from -> Nullable<Text>,
        revoked_at -> Nullable<TimestamptzSqlite>,
    }
}

diesel::table! {
    token_teams (token_id, team_id) {
        token_id -> BigInt,
        team_id -> BigInt,
    }
}

diesel::table! {
    token_trusted (token_id, activity) {
        token_id -> BigInt,
        activity -> BigInt,
    }
}

diesel::table! {
    proposals (id) {
        id -> BigInt,
        team_id -> BigInt,
        activity -> BigInt,
        proposed_by -> Text,
        status -> Text,
        note -> Text,
        link -> Text,
        first_on -> Date,
        last_on -> Date,
        first_at -> TimestamptzSqlite,
        last_at -> TimestamptzSqlite,
        times -> BigInt,
        superseded_at -> Nullable<TimestamptzSqlite>,
        decision -> Nullable<Text>,
        decided_at -> Nullable<TimestamptzSqlite>,
        decided_by -> Nullable<Text>,
        reason -> Text,
        answer_id -> Nullable<BigInt>,
        assessment_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit (number) {
        number -> BigInt,
        at -> Text,
        means -> Text,
        actor -> Text,
        address -> Text,
        deed -> Text,
        subject -> Text,
        details -> Text,
        hash -> Text,
    }
}

diesel::table! {
    epochs (subject) {
        subject -> Text,
        number -> BigInt,
    }
}

diesel::table! {
    plans (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        team_id -> Nullable<BigInt>,
        group_id -> Nullable<BigInt>,
        archived_at -> Nullable<TimestamptzSqlite>,
    }
}

diesel::table! {
    plan_versions (id) {
        id -> BigInt,
        plan_id -> BigInt,
        number -> BigInt,
        saved_at -> TimestamptzSqlite,
        saved_by -> Text,
        period -> Text,
        catalog_id -> BigInt,
        content -> Text,
    }
}

diesel::table! {
    plan_version_teams (version_id, team_id) {
        version_id -> BigInt,
        team_id -> BigInt,
        place -> BigInt,
        content -> Text,
    }
}

diesel::table! {
    plan_owners (plan_id, team_id, activity) {
        plan_id -> BigInt,
        team_id -> BigInt,
        activity -> BigInt,
        owner -> Text,
    }
}

diesel::table! {
    threat_models (id) {
        id -> BigInt,
        team_id -> BigInt,
        revision -> BigInt,
        interval_days -> Nullable<BigInt>,
        archived_at -> Nullable<TimestamptzSqlite>,
    }
}

diesel::table! {
    threat_model_revisions (id) {
        id -> BigInt,
        model_id -> BigInt,
        number -> BigInt,
        saved_at -> TimestamptzSqlite,
        saved_by -> Text,
        summary -> Text,
        format -> Nullable<Text>,
        file -> Nullable<Text>,
        warnings -> Text,
        content -> Binary,
        facts -> Text,
    }
}

diesel::table! {
    threat_model_records (id) {
        id -> BigInt,
        model_id -> BigInt,
        kind -> Text,
        happened_on -> Date,
        note -> Text,
        participants -> Text,
        recorded_at -> TimestamptzSqlite,
        recorded_by -> Text,
    }
}

diesel::table! {
    threat_model_images (model_id, digest) {
        model_id -> BigInt,
        digest -> Text,
        content -> Binary,
    }
}

diesel::joinable!(team_group_members -> team_groups (group_id));
diesel::joinable!(team_group_members -> teams (team_id));
diesel::joinable!(assessments -> teams (team_id));
diesel::joinable!(assessments -> catalogs (catalog_id));
diesel::joinable!(submissions -> assessments (assessment_id));
diesel::joinable!(answers -> assessments (assessment_id));
diesel::joinable!(answers -> activities (activity));
diesel::joinable!(evidence_activities -> evidence_versions (version_id));
diesel::joinable!(evidence_activities -> activities (activity));
diesel::joinable!(evidence_teams -> evidence_versions (version_id));
diesel::joinable!(evidence_versions -> evidence (evidence_id));

diesel::joinable!(plan_versions -> plans (plan_id));
diesel::joinable!(plan_versions -> catalogs (catalog_id));
diesel::joinable!(plan_version_teams -> teams (team_id));
diesel::joinable!(plan_owners -> activities (activity));

diesel::joinable!(threat_model_revisions -> threat_models (model_id));
diesel::joinable!(threat_model_records -> threat_models (model_id));

diesel::joinable!(token_trusted -> activities (activity));
diesel::joinable!(proposals -> activities (activity));

diesel::joinable!(passwords -> users (user_id));
diesel::joinable!(password_links -> users (user_id));
diesel::joinable!(sessions -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    catalogs,
    activities,
    teams,
    team_groups,
    team_group_members,
    assessments,
    submissions,
    answers,
    evidence,
    evidence_versions,
    evidence_activities,
    evidence_teams,
    plans,
    plan_versions,
    plan_version_teams,
    plan_owners,
    threat_models,
    threat_model_revisions,
    threat_model_records,
    token_trusted,
    proposals,
    users,
    passwords,
    password_links,
    sessions,
);
