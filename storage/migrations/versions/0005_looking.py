"""When each thread was last read in Slack, the check marks we know of, and channels we are kept out of."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _closed(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "reaction_put",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_reaction_put_referral_id"), "reaction_put", ["referral_id"], unique=False)
    op.create_table(
        "thread_look",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["slack_post.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("post_id"),
    )
    op.create_table(
        "shut_channel",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("doing", _closed("doing", "post", "read"), nullable=False),
        sa.Column(
            "why", _closed("barred", "archived", "not_a_member", "no_permission", "rules"), nullable=False
        ),
        sa.Column("shut_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "doing"),
    )
    op.execute(
        "INSERT INTO reaction_put (id, referral_id, message, person, put_at)"
        " SELECT approval.id, remark.referral_id, approval.message, approval.approver, approval.reacted_at"
        " FROM approval JOIN remark ON remark.id = approval.remark_id"
        " WHERE approval.message <> '' AND approval.reacted_at IS NOT NULL"
    )
