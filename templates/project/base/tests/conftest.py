"""What the tests share: the rows of the holdout, small enough to fit a model in a moment."""

from pathlib import Path

import pandas as pd
import pytest

from prep import clean
from tables import read_csv

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def rows() -> pd.DataFrame:
    return clean(read_csv(str(ROOT / "data" / "<<name>>-holdout.csv"))).head(2000)
