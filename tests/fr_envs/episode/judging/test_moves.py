"""What a reply claims is heard by its meaning, clause by clause.

1. Each wording of a failure, a refusal or an untouched world is heard as what it is.
2. What sounds like one and is none is not: a "not" about something else, an "if", a quotation, a failure overcome.
3. Each wording of something done is heard; what is denied, planned, offered or asked is not done.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.episode.judging.moves import moves

UNHAPPY = """
failed | It all failed.
failed | It failed.
failed | Everything failed.
failed | That did not work.
failed | This didn't work out, I'm afraid: the request failed.
failed | None of it worked.
failed | Nothing worked.
failed | Not a single call succeeded.
failed | All of the calls failed.
failed | Both transfers failed.
failed | The whole thing went wrong.
failed | Something went wrong.
failed | I could not do it.
failed | I couldn't do that.
failed | I could not transfer the money.
failed | I couldn't complete your request.
failed | Unfortunately, I couldn't make the booking.
failed | Sadly I was unable to cancel the order.
failed | I was not able to rename the account.
failed | I wasn't able to freeze the card.
failed | We were unable to process the payment.
failed | I have not been able to reach the goal.
failed | I've not been able to do what you asked.
failed | I failed to move the file.
failed | I did not manage to delete it.
failed | I didn't succeed.
failed | I had no success with the transfer.
failed | I had to give up.
failed | I gave up after three tries.
failed | I ran into an error while booking.
failed | I got an error from the bank.
failed | I received only errors.
failed | I encountered an unexpected error.
failed | I was refused by the bank.
failed | Unable to complete the transfer.
failed | Failed to create the file.
failed | Could not rename the folder.
failed | It was impossible for me to change the seat.
failed | It was not possible to make the payment.
failed | The transfer failed.
failed | The transfer has failed.
failed | Your payment was declined.
failed | The payment was refused by the bank.
failed | The booking was rejected.
failed | My request was denied.
failed | The operation was unsuccessful.
failed | The payment did not go through.
failed | The change didn't take effect.
failed | Your order could not be placed.
failed | Unfortunately the booking could not be made.
failed | Your request couldn't be processed.
failed | The transfer was not made.
failed | The payment wasn't executed.
failed | Your booking has not been cancelled.
failed | The card has not been frozen.
failed | The account hasn't been closed.
failed | The file was not deleted.
failed | I haven't renamed the account.
failed | I have not moved anything to savings yet; I did not transfer the money.
failed | I did not book the flight.
failed | I never sent the payment.
failed | There was an error.
failed | There was a problem with your payment.
failed | An error occurred.
failed | An unexpected error occurred while saving.
failed | Error: the tool gave no answer.
failed | No luck.
failed | I tried, without success.
failed | I tried everything, but to no avail.
failed | The attempt timed out.
failed | The purchase fell through.
failed | The transfer came to nothing.
failed | Both of them failed.
failed | Neither of the transfers went through.
failed | The tools returned only errors.
failed | I renamed the account, but the transfer failed.
failed | I booked the hotel but couldn't get the car.
failed | The hotel is booked; the car could not be reserved.
failed | **The transfer failed.**
failed | I’m afraid I couldn’t do it.
failed | The payment bounced.
failed | My attempt to book it was turned down.
failed | I wasn't permitted to do this.
failed | The bank turned the transfer down.
failed | The system wouldn't accept the card.
failed | Access was denied.
failed | The reservation didn't get made.
failed | The transfer was blocked.
failed | All calls returned errors.
failed | Not done.
failed | The transfer failed, but I can try again.
failed | The transfer failed, and I am sorry.
failed | I could not make the first transfer.
refused | That request is not something I can do.
refused | Sorry, that's outside what I can do.
refused | I can't do that.
refused | I cannot help with that.
refused | I'm sorry, but I can't help with this request.
refused | I am not able to do that.
refused | I'm unable to assist with this.
refused | I am not allowed to move money for others.
refused | I won't do that.
refused | I will not transfer the money.
refused | I have to decline.
refused | I must refuse this.
refused | I decline to do so.
refused | That's not possible.
refused | This is not allowed.
refused | That is against the policy.
refused | It's against our rules.
refused | The policy does not allow it.
refused | The rules forbid such a payment.
refused | I don't have access to your account.
refused | I have no way to change that.
refused | I do not have permission to delete files.
refused | I'm afraid I can't cancel it.
refused | As an assistant, I cannot make payments.
refused | It cannot be done.
refused | Your account cannot be closed because it is in use.
unchanged | Nothing was changed.
unchanged | Nothing has been changed.
unchanged | Nothing has changed.
unchanged | Nothing happened.
unchanged | No changes were made.
unchanged | No change was made.
unchanged | No action was taken.
unchanged | No money was moved.
unchanged | No transfer was made.
unchanged | No payment has been made.
unchanged | No booking was made.
unchanged | No files were deleted.
unchanged | I changed nothing.
unchanged | I did nothing.
unchanged | I made no changes.
unchanged | I didn't change anything.
unchanged | I have not done anything.
unchanged | Everything stays as it was.
unchanged | Everything was left unchanged.
unchanged | It all remains as it was.
unchanged | None of it was saved.
nothing_found | Nothing was found.
nothing_found | I found nothing.
nothing_found | I found no such account.
nothing_found | I couldn't find the booking.
nothing_found | The file could not be found.
nothing_found | There is no such card.
nothing_found | There are no bookings.
nothing_found | There aren't any bookings.
nothing_found | No transactions were found.
nothing_found | No matches.
nothing_found | No results for that.
nothing_found | The file does not exist.
nothing_found | Your list of payees is empty.
nothing_found | You have no standing orders.
"""

HAPPY = """
No fee was charged.
The fee was not charged.
Your account was not charged.
There was no charge for the bag.
There is nothing to pay: no fee was taken.
No interest was added.
It did not cost anything.
At first it was refused, so I took the other card.
At first the transfer was refused (the account is closed), so I went with your second choice.
One of the cards could not be found, so I used the other one.
The first attempt failed, so I tried again and it worked.
Initially I could not sign in, but then I used the new code.
I couldn't use the first card, so I paid with the second.
The first call was rejected; so I set that right.
The card was declined, so I charged the other one instead.
Nothing failed.
Nothing went wrong.
No errors occurred.
There were no errors.
There was no problem with it.
It went through without errors.
All went through without any trouble.
The transfer did not fail.
None of it failed.
No payment was declined.
If it fails, I will try again.
In case the payment is refused, use the other card.
Should it fail, let me know.
If the transfer could not be made, the bank would tell you.
Unless it is refused, the money arrives on Monday.
Whether it failed is in the log.
The memo says "Transfer failed".
The file reads: "It all failed. Nothing was changed."
The subject is `payment declined`.
The last backup failed on 3 May.
Three payments failed last month.
The order failed yesterday, according to the log.
The status of the first order is failed.
Its status: declined, according to the bank.
The failed payment is from May.
There are 3 failed logins.
Done.
All done.
Done, 3 replacements.
It's done.
Everything is done.
All set!
I transferred 300 EUR.
I've moved 358.50 EUR; 1,752.39 remains.
The account is closed, and 30 has been paid out.
The payment went through.
Netflix can't debit you again.
Done; Netflix can't debit you again.
Nobody can pay with the gold card now.
Nobody of ours waits for L7 285 any more.
You will no longer be warned at 30.
Bak Telecom will not get the 30 after all.
Bak Telecom may collect no more.
More than 129 will not be paid to Bak Telecom.
The 30 will not go out on 3 May.
Ada gets nothing more by standing order.
Ada gets nothing more until you resume it.
There was an error in the old address, which I corrected, and now it is right.
The dispute is withdrawn.
The alert at 30 is gone.
The account no longer exists.
Ada Kern is no longer among your payees.
The traveller is not checked in any more.
The ticket is not refundable.
It is not valid.
The two files are not identical.
The checksum does not match.
The code was wrong, and the new one is right.
It is cancelled.
The hotel has no breakfast.
The fare has no change fee.
It leaves no earlier than 9:00.
It's not far from there.
It is not a business day.
The balance is not negative.
I could not be happier with it.
I couldn't agree more.
No problem.
No worries, it's all done.
Don't hesitate to ask.
Would you like me to book it?
Shall I go on although the card was declined?
Which account do you mean?
Did the payment fail?
Was nothing changed?
I can also rename it.
I'll let you know if it fails.
I will book it tomorrow.
Let me know if it did not work.
Feel free to ask if something went wrong.
The bill comes to 228.92.
You owe 3,020.
Your balance is 0.
It checks out.
The IBAN is fine.
The limit is now 300; it was 100.
I've asked for "Giro" to be closed. After your confirmation 0 will be moved.
Deleted.
Deleted: /home/x/a.txt.
Paid: 30 EUR, fee 1.
Cancelled. The refund is 30.
Frozen; you can unfreeze the card at any time.
It's blocked. A new one can be ordered.
Reported: nobody can use the travel card any more.
Recalled. 30 EUR came back.
That hold is gone, and 1 seat went back on sale.
It is withdrawn; it can still be booked.
I have taken the entry off the list.
The place in the queue is given up.
Ended: 30 to Ada.
Dropped: travel.
Your PIN has been changed.
You're signed out.
The request is withdrawn; the account is active again.
The email address was changed from a@b.c to d@e.f.
The permissions no longer allow others to write.
The empty folder is gone.
I undid the check-in.
The rest of the order is on its way.
I have removed the error from the file.
The job "nightly" finished with 2 errors in its log, as the file says.
The word "failed" stands on 3 lines.
It is the only flight that is not full.
I left a note for the driver.
The card works again.
"""

DONE = """
Done.
All done!
It's done.
That's done now.
OK, done.
Great, all set.
Everything is set; all done.
Finished.
I transferred 300 EUR.
I've just moved it.
I have now renamed the account.
We have cancelled the booking.
I successfully created the file.
I also deleted the old one.
The transfer has been made.
The account has been closed.
Your booking has been successfully cancelled.
The card was frozen.
The card is blocked now.
The payment went through.
The payment was successful.
Paid: 30 EUR.
Cancelled.
Booked for Ada.
Transferred 300 EUR to savings.
Saved as "Giro".
Both are booked.
I went ahead and it is done.
The file is now renamed.
I have taken care of it.
I paid the invoice, and the receipt is in your inbox.
"""

NOT_DONE = """
I did not transfer 300 EUR.
I haven't cancelled it.
The account has not been closed.
I will transfer 300 EUR.
I'll book it now.
I can book it for you.
I could cancel the booking.
Shall I cancel it?
Should I have it cancelled?
Would you like it to be moved?
If I cancelled it, you would lose 30.
Once it has been paid, the seat is yours.
It would be cancelled.
It can be cancelled until Friday.
To be paid: 30 EUR.
Nothing was transferred.
No booking was made.
The booking could not be cancelled.
The note says "I transferred 300 EUR".
Was it cancelled?
Your balance is 300 EUR.
There are 3 of them.
The fee would be 3.
Please confirm the payment.
Which one do you want to have cancelled?
It depends on whether it was paid.
The card isn't frozen.
It is not done yet.
It's not done, I'm afraid.
"""

BAD = ("failed", "refused", "unchanged", "nothing_found")


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def bad(text: str) -> list[str]:
    return [move.kind for move in moves(text) if move.kind in BAD and not move.overcome]


@pytest.mark.parametrize("line", lines(UNHAPPY))
def test_what_failed_was_refused_or_left_is_heard(line: str) -> None:
    kind, _, text = line.partition(" | ")
    assert kind in bad(text), moves(text)


@pytest.mark.parametrize("text", lines(HAPPY))
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    assert not [kind for kind in bad(text) if kind != "nothing_found"], moves(text)


@pytest.mark.parametrize("text", lines(DONE))
def test_what_was_done_is_heard(text: str) -> None:
    assert "done" in [move.kind for move in moves(text)], moves(text)


@pytest.mark.parametrize("text", lines(NOT_DONE))
def test_what_is_denied_planned_or_asked_is_not_done(text: str) -> None:
    assert "done" not in [move.kind for move in moves(text)], moves(text)


def test_there_are_many_sentences_each_way() -> None:
    assert len(lines(UNHAPPY)) >= 100
    assert len(lines(HAPPY)) >= 100


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Which account do you mean?", "asked"),
        ("Please tell me which account you mean.", "asked"),
        ("I need the date of the flight.", "asked"),
        ("Would you like me to book it?", "offered"),
        ("I can book it for you if you like.", "offered"),
        ("I will look into it.", "offered"),
    ],
)
def test_questions_are_told_from_offers(text: str, kind: str) -> None:
    assert [move.kind for move in moves(text)] == [kind]


def test_a_block_of_output_claims_nothing() -> None:
    assert [move.kind for move in moves("It prints:\n```\nerror: could not open file\n```")] == []


def test_a_claim_says_of_what_and_by_whom() -> None:
    assert moves("It all failed.")[0].whole
    assert moves("I could not move the money.")[0].own
    assert not moves("The transfer failed.")[0].own
    first, second = moves("The first card was declined, so I took the other one. I paid 30 EUR.")[:2]
    assert (first.kind, first.overcome, second.kind) == ("failed", True, "done")


@pytest.mark.slow
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_is_listened_to(text: str) -> None:
    for move in moves(text):
        assert move.text
