"""Whether Slack shows how to reach private persons."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "hearing",
        sa.Column("show_private_contacts", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.alter_column("hearing", "show_private_contacts", server_default=None)
