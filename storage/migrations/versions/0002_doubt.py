"""What a coordinator is asked, later mails, campaigns, the text of files; addresses that hearings share."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


DOORS = ("smtp", "imap", "slack", "portal")
DEFAULTED = (
    ("inbox_item", "reader"),
    ("inbox_item", "message_id"),
    ("receipt", "bounce"),
    ("receipt", "kind"),
    ("submission", "forwarded_by"),
    ("submission", "authentication"),
)
POSTS = ("card", "text", "file", "draft", "placement", "notice", "notat", "question", "line", "follow_up")


def upgrade() -> None:
    op.create_table(
        "file_text",
        sa.Column("blob_sha256", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "text",
                "empty",
                "locked",
                "damaged",
                "too_large",
                "too_slow",
                "unknown",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reader", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["blob_sha256"], ["blob.sha256"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("blob_sha256"),
    )
    op.create_table(
        "campaign_member",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("submission_id <> lead_id", name="nobody_leads_themselves"),
        sa.ForeignKeyConstraint(["lead_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("submission_id"),
    )
    op.create_index(op.f("ix_campaign_member_lead_id"), "campaign_member", ["lead_id"], unique=False)
    op.create_table(
        "content_key",
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id", "hearing_id"],
            ["submission.id", "submission.hearing_id"],
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("hearing_id", "key"),
    )
    op.create_index(op.f("ix_content_key_submission_id"), "content_key", ["submission_id"], unique=False)
    op.create_table(
        "likeness",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("submission_id"),
    )
    op.create_table(
        "likeness_band",
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("hearing_id", "band", "submission_id"),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("rest", sa.String(), nullable=False),
        sa.Column("flaws", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["item_id"], ["inbox_item.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["submission_id", "hearing_id"],
            ["submission.id", "submission.hearing_id"],
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hearing_id", "content_key"),
    )
    op.create_index(op.f("ix_follow_up_submission_id"), "follow_up", ["submission_id"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column(
            "about",
            sa.Enum(
                "follow_up",
                "hearing",
                "author",
                "late",
                "kind",
                "campaign",
                name="about",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["item_id"], ["inbox_item.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_question_follow_up_id"), "question", ["follow_up_id"], unique=False)
    op.create_index(op.f("ix_question_hearing_id"), "question", ["hearing_id"], unique=False)
    op.create_index(op.f("ix_question_item_id"), "question", ["item_id"], unique=False)
    op.create_index(op.f("ix_question_submission_id"), "question", ["submission_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_decision_question_id"), "decision", ["question_id"], unique=False)
    op.add_column("attachment", sa.Column("follow_up_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        None, "attachment", "follow_up", ["follow_up_id"], ["id"], initially="DEFERRED", deferrable=True
    )
    op.add_column("inbox_item", sa.Column("reader", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbox_item", sa.Column("message_id", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_inbox_item_message_id"), "inbox_item", ["message_id"], unique=False)
    op.add_column(
        "receipt",
        sa.Column(
            "kind",
            sa.Enum(
                "submission",
                "follow_up",
                "too_large",
                name="receiptkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
            server_default="submission",
        ),
    )
    op.add_column("receipt", sa.Column("hearing_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE receipt SET hearing_id = submission.hearing_id FROM submission"
        " WHERE submission.id = receipt.submission_id"
    )
    op.alter_column("receipt", "hearing_id", nullable=False)
    op.add_column("receipt", sa.Column("item_id", sa.Integer(), nullable=True))
    op.add_column("receipt", sa.Column("bounce", sa.String(), nullable=False, server_default=""))
    op.alter_column("receipt", "submission_id", existing_type=sa.UUID(), nullable=True)
    op.drop_constraint(op.f("receipt_submission_id_key"), "receipt", type_="unique")
    op.create_index(op.f("ix_receipt_hearing_id"), "receipt", ["hearing_id"], unique=False)
    op.create_index(op.f("ix_receipt_submission_id"), "receipt", ["submission_id"], unique=False)
    op.create_foreign_key(
        None, "receipt", "inbox_item", ["item_id"], ["id"], initially="DEFERRED", deferrable=True
    )
    op.create_foreign_key(
        None, "receipt", "hearing", ["hearing_id"], ["id"], initially="DEFERRED", deferrable=True
    )
    op.add_column("slack_post", sa.Column("question_id", sa.Uuid(), nullable=True))
    op.add_column("slack_post", sa.Column("follow_up_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_slack_post_follow_up_id"), "slack_post", ["follow_up_id"], unique=False)
    op.create_index(op.f("ix_slack_post_question_id"), "slack_post", ["question_id"], unique=False)
    op.create_foreign_key(
        None, "slack_post", "question", ["question_id"], ["id"], initially="DEFERRED", deferrable=True
    )
    op.create_foreign_key(
        None, "slack_post", "follow_up", ["follow_up_id"], ["id"], initially="DEFERRED", deferrable=True
    )
    op.add_column("submission", sa.Column("forwarded_by", sa.String(), nullable=False, server_default=""))
    op.add_column("submission", sa.Column("authentication", sa.String(), nullable=False, server_default=""))
    op.drop_constraint("hearing_address_pkey", "hearing_address", type_="primary")
    op.create_primary_key("hearing_address_pkey", "hearing_address", ["address", "hearing_id"])
    _closed("inbox_item", "door", "door", DOORS)
    _closed("slack_post", "kind", "postkind", POSTS)
    for table, column in DEFAULTED:
        op.alter_column(table, column, server_default=None)


def _closed(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, sa.column(column).in_(words))
