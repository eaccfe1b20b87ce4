"""Posts that say why a notat is not final yet, or what differs between two of its Word files."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KINDS = (
    "card", "text", "file", "draft", "placement", "notice", "notat", "question", "line", "follow_up",
    "appendix", "unfinished", "comparison",
)  # fmt: skip


def upgrade() -> None:
    op.drop_constraint("postkind", "slack_post", type_="check")
    op.create_check_constraint("postkind", "slack_post", sa.column("kind").in_(_KINDS))
