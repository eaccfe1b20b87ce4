"""How a referral may end without a remark, whether it changes the proposal, and where posts stand."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "no_remarks",
        *_of_referral(),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "handover",
        *_of_referral(),
        sa.Column("to_referral_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("handed_by", sa.String(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["to_referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
    )
    op.create_index(op.f("ix_handover_to_referral_id"), "handover", ["to_referral_id"], unique=False)
    op.create_table(
        "reopening",
        *_of_referral(),
        sa.Column("reopened_by", sa.String(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "proposal_change",
        *_of_referral(),
        sa.Column(
            "verdict",
            sa.Enum(
                "yes", "no", "maybe", name="change", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table in ("no_remarks", "handover", "reopening", "proposal_change"):
        op.create_index(op.f(f"ix_{table}_referral_id"), table, ["referral_id"], unique=False)
    op.add_column("slack_post", sa.Column("permalink", sa.String(), nullable=False, server_default=""))
    op.alter_column("slack_post", "permalink", server_default=None)


def _of_referral() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
