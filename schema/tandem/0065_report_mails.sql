-- +goose Up

-- How mail is sent. One row, or none.
CREATE TABLE tandem.mail_settings (
    single      boolean PRIMARY KEY DEFAULT true CHECK (single),
    host        text NOT NULL,
    port        integer NOT NULL,
    security    text NOT NULL, -- tls, starttls or none
    username    text NOT NULL,
    password    bytea NOT NULL, -- sealed, as credentials are
    sender      text NOT NULL,
    sender_name text NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT now()
);

-- Reports and notices that are sent: one of an instance and period, whatever is restarted or tried again.
CREATE TABLE tandem.report_mails (
    id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance   text NOT NULL REFERENCES tandem.instances ON DELETE CASCADE,
    period     text NOT NULL, -- 2026-03-29, 2026-W13, 2026-03; of a notice what it is about
    state      text NOT NULL CHECK (state IN ('sending', 'sent', 'failed')),
    run        text NOT NULL, -- of the workflow that sends it, or sent it last
    subject    text NOT NULL DEFAULT '', -- of a notice, with its text; a report is written when it is sent
    body       text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    UNIQUE (instance, period)
);

CREATE TABLE tandem.report_deliveries (
    id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    mail       bigint NOT NULL REFERENCES tandem.report_mails ON DELETE CASCADE,
    recipient  text NOT NULL, -- an e-mail address
    round      integer NOT NULL DEFAULT 1, -- how often it was to be sent, at a person's wish
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts   integer NOT NULL DEFAULT 0,
    answer     text NOT NULL DEFAULT '', -- what the server said last
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (mail, recipient)
);
