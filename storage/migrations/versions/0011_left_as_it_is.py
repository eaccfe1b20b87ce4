"""Channels in which Slack lets us draw nothing again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("doing", "shut_channel", type_="check")
    op.create_check_constraint("doing", "shut_channel", sa.column("doing").in_(("post", "read", "update")))
