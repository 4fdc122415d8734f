"""Replies to the question of `conftest.SAMPLE`, from right to none."""

RIGHT = "3 + 4 is 7, so [ANSWER][3, 7][/ANSWER]"
EQUAL = "[ANSWER][3,7][/ANSWER]"
NEAR = "[ANSWER][3, 8][/ANSWER]"
MISSING = "[3, 7]"
