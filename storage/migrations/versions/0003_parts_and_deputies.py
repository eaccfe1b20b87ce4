"""The order of a remark's parts, parts that are taken out, and approvers' deputies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "part_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remark_id", sa.Uuid(), nullable=False),
        sa.Column("messages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_part_order_remark_id"), "part_order", ["remark_id"], unique=False)
    op.add_column("remark_part", sa.Column("taken_out_by", sa.String(), nullable=False, server_default=""))
    op.add_column("remark_part", sa.Column("taken_out_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("remark_part", "taken_out_by", server_default=None)
    op.drop_constraint("remark_part_referral_id_message_key", "remark_part", type_="unique")
    op.create_index(
        "part_of_one_remark", "remark_part", ["referral_id", "message"], unique=True,
        postgresql_where=sa.text("taken_out_at IS NULL"),
    )  # fmt: skip
    nobody = sa.Column(
        "deputies", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="[]"
    )
    op.add_column("hearing_department", nobody)
    op.alter_column("hearing_department", "deputies", server_default=None)
