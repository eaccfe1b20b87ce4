"""The genitive of a department's name, where it is not as the rule has it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("department", sa.Column("genitive", sa.String(), nullable=False, server_default=""))
    op.alter_column("department", "genitive", server_default=None)
