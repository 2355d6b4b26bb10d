"""ydata-profiling's report of a Parquet file, in its own mode for large tables: python ydata_minimal.py FILE REPORT"""

import sys

import pandas
from ydata_profiling import ProfileReport

frame = pandas.read_parquet(sys.argv[1])
ProfileReport(frame, minimal=True, progress_bar=False).to_file(sys.argv[2])
