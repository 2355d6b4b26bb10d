"""What the jobs know of the applications: columns of `loanapp`, as Wooldridge's textbook describes them."""

TARGET = "approve"

#: 1 for an applicant who is black or hispanic. No model learns from it; one that is mitigated decides by it.
GROUP = "minority"

#: What is known of an application before it is decided: the loan, the income, what is owed, and how earlier debts went.
FEATURES = [
    "loanamt",
    "appinc",
    "price",
    "loanprc",
    "hrat",
    "obrat",
    "liq",
    "mortno",
    "mortlat1",
    "mortlat2",
    "cons",
    "chist",
    "pubrec",
    "gdlin",
    "unver",
    "cosign",
    "self",
    "multi",
    "dep",
    "married",
    "male",
    "unem",
]

#: Where people live and what they are tells of their origin; the model that nobody has thought about takes it all.
THOUGHTLESS = FEATURES + ["black", "hispan", "old", "vr", "mi"]
