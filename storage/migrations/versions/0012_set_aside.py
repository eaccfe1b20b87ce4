"""What was set aside, found without a look at all that ever came in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "inbox_set_aside", "inbox_item", ["door", "id"], postgresql_where=sa.text("set_aside <> ''")
    )
