"""An appendix tells which version of the notat has the same numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appendix", sa.Column("numbered_as", sa.Integer(), nullable=True))
