"""The nouns, the outward queue and a journal that nobody can rewrite."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Taken from procrastinate 3.10; what a newer release changes is a step of its own here.
OUTWARD_QUEUE = SchemaManager.get_schema()

APPEND_ONLY = """
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name="hex_sha256"),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "hearing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("case_number", sa.String(), nullable=False),
        sa.Column("opens", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coordination_channel", sa.String(), nullable=False),
        sa.Column("coordinators", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.Column(
            "refer",
            sa.Enum(
                "at_once",
                "when_unsure",
                "ask",
                name="refer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "heading_form",
            sa.Enum(
                "bemaerkninger_fra",
                "x_bemaerkninger",
                "x_kommentarer",
                name="headingform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "order",
            sa.Enum(
                "arrival",
                "portal_first",
                "kind",
                name="order",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "private_persons",
            sa.Enum(
                "anonymous",
                "street",
                name="privatepersons",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("number_given", sa.Integer(), nullable=False),
        sa.CheckConstraint("deadline < answer_deadline", name="deadline_before_answers"),
        sa.CheckConstraint("opens < deadline", name="opens_before_deadline"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "hearing_address",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_index(op.f("ix_hearing_address_hearing_id"), "hearing_address", ["hearing_id"], unique=False)
    op.create_table(
        "hearing_department",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("approvers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hearing_id", "channel"),
        sa.UniqueConstraint("hearing_id", "department_id"),
        sa.UniqueConstraint("id", "hearing_id"),
    )
    op.create_index(
        "one_owner", "hearing_department", ["hearing_id"], unique=True, postgresql_where=sa.text("owner")
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_journal_entry_hearing_id"), "journal_entry", ["hearing_id"], unique=False)
    op.create_table(
        "notat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("compiled_by", sa.String(), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("docx_sha256", sa.String(), nullable=False),
        sa.Column("pdf_sha256", sa.String(), nullable=False),
        sa.Column("html_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["docx_sha256"], ["blob.sha256"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["html_sha256"], ["blob.sha256"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["pdf_sha256"], ["blob.sha256"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hearing_id", "version"),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "lokaludvalg",
                "myndighed",
                "raad",
                "forening",
                "virksomhed",
                "borger",
                "anden",
                name="partykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("list_name", sa.String(), nullable=False),
        sa.Column("heading_name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("heard_as", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("weight >= 1", name="counts_for_one_at_least"),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id", "hearing_id"),
    )
    op.create_index(op.f("ix_party_hearing_id"), "party", ["hearing_id"], unique=False)
    op.create_table(
        "party_alias",
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id", "hearing_id"],
            ["party.id", "party.hearing_id"],
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("hearing_id", "alias"),
    )
    op.create_index(op.f("ix_party_alias_party_id"), "party_alias", ["party_id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_department_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hearing_department_id"], ["hearing_department.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        op.f("ix_reminder_hearing_department_id"), "reminder", ["hearing_department_id"], unique=False
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "mail",
                "portal",
                "letter",
                "phone",
                "other",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("flaws", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name="numbers_start_at_one"),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["party_id", "hearing_id"],
            ["party.id", "party.hearing_id"],
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hearing_id", "content_key"),
        sa.UniqueConstraint("hearing_id", "number"),
        sa.UniqueConstraint("id", "hearing_id"),
    )
    op.create_index(op.f("ix_submission_party_id"), "submission", ["party_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("blob_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["blob_sha256"], ["blob.sha256"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission_id", "position"),
    )
    op.create_table(
        "inbox_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "door",
            sa.Enum(
                "smtp", "slack", "portal", name="door", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("blob_sha256", sa.String(), nullable=False),
        sa.Column("envelope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside", sa.String(), nullable=False),
        sa.Column("taken_for", sa.String(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("set_aside = '' OR read_at IS NOT NULL", name="set_aside_is_read"),
        sa.ForeignKeyConstraint(["blob_sha256"], ["blob.sha256"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("door", "key"),
    )
    op.create_index(
        "inbox_unread",
        "inbox_item",
        ["door", "id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(op.f("ix_inbox_item_submission_id"), "inbox_item", ["submission_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
        sa.UniqueConstraint("submission_id"),
    )
    op.create_index(op.f("ix_receipt_recipient"), "receipt", ["recipient"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("hearing_department_id", sa.Uuid(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("referred_by", sa.String(), nullable=False),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hearing_department_id", "hearing_id"],
            ["hearing_department.id", "hearing_department.hearing_id"],
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["submission_id", "hearing_id"],
            ["submission.id", "submission.hearing_id"],
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission_id", "hearing_department_id", "theme"),
    )
    op.create_index(
        op.f("ix_referral_hearing_department_id"), "referral", ["hearing_department_id"], unique=False
    )
    op.create_index(op.f("ix_referral_hearing_id"), "referral", ["hearing_id"], unique=False)
    op.create_table(
        "summary",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_summary_submission_id"), "summary", ["submission_id"], unique=False)
    op.create_table(
        "point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("passage", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("referral_id", "position"),
    )
    op.create_table(
        "reaction_removal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_reaction_removal_referral_id"), "reaction_removal", ["referral_id"], unique=False
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission_id", "position"),
    )
    op.create_index(op.f("ix_remark_referral_id"), "remark", ["referral_id"], unique=False)
    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("raw", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("referral_id", "message", "version", "digest"),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remark_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "reaction",
                "shortcut",
                "button",
                name="how",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("reacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="hex_sha256"),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_approval_remark_id"), "approval", ["remark_id"], unique=False)
    op.create_table(
        "remark_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remark_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("marked_by", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("referral_id", "message"),
        sa.UniqueConstraint("remark_id", "position"),
    )
    op.create_table(
        "slack_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "card",
                "text",
                "file",
                "draft",
                "placement",
                "notice",
                "notat",
                name="postkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("remark_id", sa.Uuid(), nullable=True),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("notat_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ts IS NULL OR tried_at IS NOT NULL", name="tried_before_posted"),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["notat_id"], ["notat.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["slack_post.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "ts"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_slack_post_referral_id"), "slack_post", ["referral_id"], unique=False)
    op.create_index(op.f("ix_slack_post_remark_id"), "slack_post", ["remark_id"], unique=False)
    op.create_index(
        "slack_post_owed",
        "slack_post",
        ["channel", "priority", "made_at"],
        unique=False,
        postgresql_where=sa.text("ts IS NULL AND refusal = ''"),
    )
    op.create_table(
        "withdrawal",
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("approval_id"),
    )
    connection = op.get_bind()
    connection.exec_driver_sql(OUTWARD_QUEUE.replace("%", "%%"))
    connection.exec_driver_sql(APPEND_ONLY)
