-- Staging: what is printed and where, one transaction per document. Units as printed; dbt multiplies them out.
create schema if not exists staging;

create table if not exists staging.document (
    document_id varchar primary key,          -- SHA-256 of the file's bytes, hex
    file_name varchar not null,
    file_path varchar not null,               -- absolute: the same from whatever folder a command is given
    media_type varchar not null,
    byte_size bigint not null,
    page_count integer not null,
    parser_version varchar not null,          -- package version and digest of parser and catalogue
    loaded_at timestamp not null,
    department_name varchar not null,
    fiscal_year integer not null,
    disclosure_kind varchar not null,         -- final_account | budget
    reporting_scope varchar not null,         -- department | unit
    region varchar,
    is_simulated boolean not null,
    text_source varchar not null default 'text'  -- text | recognised | mixed
);

-- A staging that was made before anything was recognised.
alter table staging.document add column if not exists text_source varchar default 'text';

create table if not exists staging.form (
    document_id varchar not null,
    form_order integer not null,
    form_code varchar not null,
    title varchar not null,
    number_printed varchar,
    unit varchar,
    first_page integer,
    last_page integer,
    status varchar not null,                  -- present | no_data | missing
    note varchar,
    primary key (document_id, form_order)
);

create table if not exists staging.form_row (
    document_id varchar not null,
    form_order integer not null,
    row_order integer not null,
    form_code varchar not null,
    side varchar,
    row_code varchar,
    row_label varchar not null,
    source_page integer not null,
    source_table integer not null,
    source_row integer not null,
    primary key (document_id, form_order, row_order)
);

create table if not exists staging.amount (
    document_id varchar not null,
    form_order integer not null,
    row_order integer not null,
    form_code varchar not null,
    side varchar,
    row_code varchar,
    row_label varchar not null,
    column_code varchar not null,
    column_header varchar not null,
    amount_text varchar not null,
    printed_value decimal(24, 6) not null,
    unit varchar not null,
    decimals integer not null,
    source_page integer not null,
    source_table integer not null,
    source_row integer not null,
    source_column integer not null,
    x0 double, top double, x1 double, bottom double,
    confidence double                         -- 0 to 1 where the text was recognised
);

alter table staging.amount add column if not exists confidence double;

create table if not exists staging.text_line (
    document_id varchar not null,
    source_page integer not null,
    source_line integer not null,
    text varchar not null,
    x0 double, top double, x1 double, bottom double
);

create table if not exists staging.witness (
    document_id varchar not null,
    attribute varchar not null,
    value varchar not null,
    source varchar not null,                  -- cover | form_head | heading | prose | file_name
    agrees boolean not null,
    source_page integer,
    text varchar not null
);

-- What a document prints of its own publication: days, and words that say that it corrects an earlier one.
create table if not exists staging.publication_mark (
    document_id varchar not null,
    kind varchar not null,                    -- date | correction
    value varchar not null,                   -- the day as YYYY-MM-DD; the word
    source varchar not null,                  -- cover | text | signature
    source_page integer not null,
    text varchar not null
);

create table if not exists staging.notice (
    document_id varchar not null,
    kind varchar not null,
    message varchar not null,
    form_code varchar,
    source_page integer,
    source_row integer,
    paste varchar
);

create table if not exists staging.sentence (
    document_id varchar not null,
    sentence_order integer not null,
    section varchar not null,
    text varchar not null,
    source_page integer not null,
    last_page integer not null,
    source_line integer not null,
    primary key (document_id, sentence_order)
);

create table if not exists staging.claim (
    document_id varchar not null,
    claim_order integer not null,
    sentence_order integer not null,
    quote varchar not null,
    subject varchar not null,
    measure varchar,
    class_name varchar,
    section_name varchar,
    item_name varchar,
    claim_kind varchar not null,              -- amount | share | change | completion | count
    phase varchar,                            -- final | budget | initial_budget | full_year_budget | prior
    value_text varchar,
    printed_value decimal(24, 6),
    unit varchar,
    decimals integer,
    delta_text varchar,
    printed_delta decimal(24, 6),
    delta_unit varchar,
    delta_decimals integer,
    direction varchar,                        -- increase | decrease | flat | above | below | equal
    percent_text varchar,
    printed_percent decimal(24, 6),
    percent_decimals integer,
    compared_with varchar,
    share_base varchar,
    base_measure varchar,
    whole_order integer,
    value_order integer,
    source_page integer not null,
    source_line integer not null,
    confidence double,                        -- of the least certain line, where the text was recognised
    primary key (document_id, claim_order)
);

alter table staging.claim add column if not exists confidence double;

create table if not exists staging.project (
    document_id varchar not null,
    project_order integer not null,
    project_name varchar not null,
    unit_code varchar,
    unit_name varchar,
    conclusion_name varchar,
    budget_execution_score decimal(24, 6),
    indicator_score decimal(24, 6),
    total_score decimal(24, 6),
    grade varchar,
    grade_text varchar,
    first_page integer not null,
    last_page integer not null,
    primary key (document_id, project_order)
);

-- A staging that was made before grades were kept with their text.
alter table staging.project add column if not exists grade_text varchar;

create table if not exists staging.project_execution (
    document_id varchar not null,
    project_order integer not null,
    execution_order integer not null,
    funding_source varchar not null,
    funding_code varchar,                     -- total | appropriation | carried_over | other
    initial_declared decimal(24, 6),
    initial_declared_text varchar,
    initial_budget decimal(24, 6),
    initial_budget_text varchar,
    full_year_budget decimal(24, 6),
    full_year_budget_text varchar,
    executed decimal(24, 6),
    executed_text varchar,
    carryover decimal(24, 6),
    carryover_text varchar,
    unit varchar not null,
    weight decimal(24, 6),
    execution_rate decimal(24, 6),
    execution_rate_text varchar,
    score decimal(24, 6),
    source_page integer not null,
    source_table integer not null,
    source_row integer not null,
    primary key (document_id, project_order, execution_order)
);

create table if not exists staging.performance_indicator (
    document_id varchar not null,
    project_order integer not null,
    indicator_order integer not null,
    level1 varchar,
    level2 varchar,
    indicator varchar not null,
    initial_target varchar,
    adjusted_target varchar,
    actual varchar,
    weight_text varchar,
    weight decimal(24, 6),
    score_text varchar,
    score decimal(24, 6),
    deviation_reason varchar,
    source_page integer not null,
    source_table integer not null,
    source_row integer not null,
    primary key (document_id, project_order, indicator_order)
);

-- Every path at which the bytes of a document were found. Times are those of the runs: of the files of one run none was seen first.
create table if not exists staging.document_path (
    document_id varchar not null,
    file_path varchar not null,               -- holds one document at a time; the others are gone from it
    file_name varchar not null,
    named_date date,                          -- the day that the name, or the nearest folder, says
    correction varchar,                       -- the word by which the name, or its folder, says that it corrects an earlier publication
    first_seen_at timestamp not null,
    last_seen_at timestamp not null,
    gone_at timestamp                         -- when a run that looked there did not find these bytes any more
);

-- The files that could not be loaded, by path: a later success of the same path removes its row.
create table if not exists staging.rejection (
    file_path varchar primary key,
    file_name varchar not null,
    document_id varchar,                      -- SHA-256 where the file could be read
    code varchar not null,
    message varchar not null,
    advice varchar not null,
    source_page integer,
    paste varchar,
    expectation varchar,                      -- the failed expectation, where validation rejected it
    failing_rows varchar,                     -- those rows, as JSON
    parser_version varchar not null,
    rejected_at timestamp not null
);

create table if not exists staging.ingest_run (
    run_id varchar primary key,
    started_at timestamp not null,
    finished_at timestamp,
    parser_version varchar not null,
    files_seen integer not null,
    files_loaded integer not null,
    files_unchanged integer not null,
    files_rejected integer not null
);

-- A document whose path holds other bytes now, with the time between which it was found there: it may come back and go again.
create table if not exists staging.superseded_document (
    document_id varchar not null,
    file_name varchar not null,
    file_path varchar not null,
    department_name varchar not null,
    fiscal_year integer not null,
    disclosure_kind varchar not null,
    reporting_scope varchar not null,
    is_simulated boolean not null,
    superseded_by varchar,                    -- SHA-256 of what lies there now; NULL if that could not be read
    stood_from timestamp not null,
    stood_until timestamp not null,
    primary key (document_id, stood_from)
);

-- The figures that it printed, as staging.amount had them.
create table if not exists staging.superseded_amount (
    document_id varchar not null,
    form_order integer not null,
    row_order integer not null,
    form_code varchar not null,
    side varchar,
    row_code varchar,
    row_label varchar not null,
    column_code varchar not null,
    amount_text varchar not null,
    printed_value decimal(24, 6) not null,
    unit varchar not null,
    decimals integer not null,
    source_page integer not null,
    source_table integer not null,
    source_row integer not null,
    source_column integer not null
);

-- What was found at each path when it was last hashed: a file of the same size and times is not hashed again.
create table if not exists staging.seen_file (
    file_path varchar primary key,
    document_id varchar not null,             -- SHA-256 of the bytes
    byte_size bigint not null,
    modified_ns bigint not null,              -- nanoseconds since 1970, as the file system says
    changed_ns bigint not null,
    hashed_ns bigint not null
);

-- What an archive was found to hold when it was last looked into: the same bytes at the same path are not looked into again.
create table if not exists staging.seen_archive (
    file_path varchar primary key,
    document_id varchar not null,             -- SHA-256 of the archive
    parser_version varchar not null,
    survey varchar not null                   -- its members and those that are refused, as JSON
);

-- A staging that was made before all paths were kept: a document was first seen by the run that loaded it.
insert into staging.document_path (document_id, file_path, file_name, first_seen_at, last_seen_at)
select
    document_id,
    file_path,
    file_name,
    coalesce((select max(started_at) from staging.ingest_run where started_at <= loaded_at), loaded_at),
    coalesce((select max(started_at) from staging.ingest_run where started_at <= loaded_at), loaded_at)
from staging.document
where document_id not in (select document_id from staging.document_path);
