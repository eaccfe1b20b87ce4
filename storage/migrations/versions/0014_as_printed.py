"""What a version is made of also tells how it was laid out, and what stood over each remark."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_LAYOUTS = ("by_submission", "by_topic", "ministry")


def upgrade() -> None:
    layout = sa.Enum(*_LAYOUTS, name="layout", native_enum=False, create_constraint=True, length=40)
    op.add_column("makeup", sa.Column("layout", layout, nullable=True))
    op.add_column("makeup", sa.Column("headings", JSONB(), nullable=True))
    op.execute("""
        update makeup set
            layout = hearing.layout,
            headings = (
                select coalesce(jsonb_agg('{"words": "", "by_hand": false}'::jsonb), '[]')
                from jsonb_array_elements(approvals)
            ),
            submissions = (
                select coalesce(jsonb_agg(
                    one || jsonb_build_object('bearer', one -> 'id', 'first', true, 'matters', '[]'::jsonb)
                    order by place
                ), '[]')
                from jsonb_array_elements(submissions) with ordinality as each (one, place)
            )
        from notat join hearing on hearing.id = notat.hearing_id
        where notat.id = makeup.notat_id
    """)
    op.alter_column("makeup", "layout", nullable=False)
    op.alter_column("makeup", "headings", nullable=False)
