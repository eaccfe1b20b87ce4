"""What versions of a notat are made of, what was waived, what came back edited, and appendixes in Slack."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = (
    "card", "text", "file", "draft", "placement", "notice", "notat", "question", "line", "follow_up",
    "appendix",
)  # fmt: skip


def upgrade() -> None:
    op.drop_constraint("postkind", "slack_post", type_="check")
    op.create_check_constraint("postkind", "slack_post", sa.column("kind").in_(_KINDS))
    op.create_table(
        "makeup",
        sa.Column("notat_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, JSONB(), nullable=False)
            for name in ("submissions", "approvals", "summaries", "waivers")
        ),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        _reference("notat_id", "notat.id"),
        sa.PrimaryKeyConstraint("notat_id"),
    )
    op.create_table(
        "waiver",
        *_of_hearing(),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("waived_by", sa.String(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "handed_back",
        *_of_hearing(),
        sa.Column("notat_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("docx_sha256", sa.String(), nullable=False),
        sa.Column("handed_by", sa.String(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        _reference("notat_id", "notat.id"),
        _reference("docx_sha256", "blob.sha256"),
    )
    for table, column in (
        ("waiver", "hearing_id"),
        ("handed_back", "hearing_id"),
        ("handed_back", "notat_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _of_hearing() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        _reference("hearing_id", "hearing.id"),
        sa.PrimaryKeyConstraint("id"),
    )


def _reference(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], initially="DEFERRED", deferrable=True)
