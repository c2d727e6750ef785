"""What is wrong with something that was typed, in words for people: shown beside the field, with everything typed kept."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

INPUT = {
    "registry.value.missing": ProblemText(
        422, _("Something is missing here."), _("The record is not complete without it."), _("Fill in this field.")
    ),
    "registry.value.unknown_code": ProblemText(
        422,
        _("“%(code)s” is not one of the choices."),
        _("Only the choices of the list can be kept and counted."),
        _("Choose from the list."),
    ),
    "registry.value.unknown_place": ProblemText(
        422,
        _("The place “%(code)s” is not known."),
        _("Places are kept by their official code."),
        _("Choose the place from the list."),
    ),
    "registry.value.too_long": ProblemText(
        422,
        _("This is too long."),
        _("It has %(length)s letters; there is room for %(longest)s."),
        _("Write it shorter."),
    ),
    "registry.value.too_many": ProblemText(
        422,
        _("These are too many."),
        _("There are %(count)s; one person can have %(most)s."),
        _("Check whether something was entered twice."),
    ),
    "registry.value.control_character": ProblemText(
        422,
        _("There is an invisible character here (%(codepoint)s)."),
        _("It comes with text that was pasted and could hide or reverse what stands beside it."),
        _("Type the text anew instead of pasting it."),
    ),
    "registry.value.day_in_future": ProblemText(
        422,
        _("This day has not come yet."),
        _("What is recorded has happened."),
        _("Check day, month and year."),
    ),
    "registry.value.day_too_early": ProblemText(
        422,
        _("This day lies too far back."),
        _("Nobody who is registered today can have lived it."),
        _("Check the year and its calendar."),
    ),
    "registry.value.phone_invalid": ProblemText(
        422,
        _("“%(text)s” is not a telephone number."),
        _("No country has such a number, or digits are missing."),
        _("Write it with the country's prefix, such as +992, or leave it empty."),
    ),
    "registry.number.misread": ProblemText(
        422,
        _("The number %(number)s cannot be right."),
        _("Its last digit does not fit the others: one of them was misread or mistyped."),
        _("Compare it with the paper, digit by digit."),
    ),
    "registry.person.no_name": ProblemText(
        422,
        _("This person has no name yet."),
        _("A record without a name is never found again."),
        _("Write the name as the person gives it, at least the given name."),
    ),
    "registry.person.two_names_in_script": ProblemText(
        422,
        _("There are two names in the same script."),
        _("One form in each script is the person's own; others are aliases."),
        _("Enter the second form as an alias."),
    ),
    "registry.person.born_in_future": ProblemText(
        422,
        _("The birth lies in the future."),
        _("Usually the year belongs to the other calendar."),
        _("Check the year, and whether it is a Solar Hijri or a Gregorian one."),
    ),
    "registry.person.too_old": ProblemText(
        422,
        _("This would make the person older than %(oldest)s years."),
        _("Usually a Solar Hijri year was entered as a Gregorian one, or a digit is wrong."),
        _("Check the year and its calendar."),
    ),
    "registry.person.arrived_before_birth": ProblemText(
        422,
        _("The dates contradict each other."),
        _("The person would have done this before being born."),
        _("Check both dates and their calendars."),
    ),
    "registry.person.relationship_sex": ProblemText(
        422,
        _("Sex and relationship contradict each other."),
        _("This relationship says the other sex than the one entered."),
        _("Correct the one that is wrong."),
    ),
    "registry.person.language_twice": ProblemText(
        422, _("This language stands here twice."), _("Each language is entered once."), _("Remove one of them.")
    ),
    "registry.paper.number_missing": ProblemText(
        422,
        _("The number of the paper is missing."),
        _("A paper without its number cannot be found or compared."),
        _("Copy the number from the paper, or remove this line."),
    ),
    "registry.paper.number_not_alphanumeric": ProblemText(
        422,
        _("There is a sign in the number that papers do not have (%(codepoint)s)."),
        _("Numbers of papers are letters and digits."),
        _("Copy the number from the paper once more."),
    ),
    "registry.paper.expires_before_issue": ProblemText(
        422,
        _("The paper would have expired before it was issued."),
        _("One of the two dates is wrong."),
        _("Compare both dates with the paper."),
    ),
    "registry.paper.before_birth": ProblemText(
        422,
        _("The paper would have been issued before the person was born."),
        _("One of the two dates is wrong, or the paper belongs to somebody else."),
        _("Check both dates and their calendars."),
    ),
    "registry.paper.twice": ProblemText(
        422, _("This paper stands here twice."), _("Each paper is entered once."), _("Remove one of them.")
    ),
    "registry.need.twice": ProblemText(
        422,
        _("This need is noted already."),
        _("A need is noted once, from a day until a day."),
        _("Choose another one, or end the earlier one first."),
    ),
    "registry.need.ends_before_start": ProblemText(
        422,
        _("The need would have ended before it began."),
        _("One of the two dates is wrong."),
        _("Check both dates."),
    ),
    "registry.household.no_persons": ProblemText(
        422, _("There is nobody in this household."), _("A household has at least one person."), _("Add the persons.")
    ),
    "registry.household.too_many_persons": ProblemText(
        422,
        _("%(count)s persons are too many for one household."),
        _("A household has up to %(most)s; larger groups are several families."),
        _("Register them as several households."),
    ),
    "registry.household.no_principal_applicant": ProblemText(
        422,
        _("Nobody is the principal applicant."),
        _("Every relationship is told to the principal applicant, so each household has exactly one."),
        _("Mark one person as the principal applicant."),
    ),
    "registry.household.two_principal_applicants": ProblemText(
        422,
        _("There is a second principal applicant."),
        _("Every relationship is told to the principal applicant, so each household has exactly one."),
        _("Say how this person is related to the other principal applicant."),
    ),
    "registry.household.parent_not_older": ProblemText(
        422,
        _("A parent would not be older than the child."),
        _("The births and this relationship cannot both be right."),
        _("Check both births and their calendars, or the relationship."),
    ),
    "registry.household.person_twice": ProblemText(
        422,
        _("This person stands here twice."),
        _("Name, sex and birth are the same as those of person %(other)s."),
        _("Remove one of them, or correct what differs."),
    ),
    "registry.household.office_same": ProblemText(
        422,
        _("This office keeps the file already."),
        _("A file goes from one office to another one."),
        _("Choose the office where the family lives now."),
    ),
    "registry.household.office_unknown": ProblemText(
        422,
        _("This office cannot register the household."),
        _("It is not an office of yours that is open on that day."),
        _("Choose one of your offices."),
    ),
    "registry.household.relationship_missing": ProblemText(
        422,
        _("The relationship of %(number)s is missing."),
        _("When the principal applicant changes, everyone's relationship is told anew, to the new one."),
        _("Say how each person is related to the new principal applicant."),
    ),
    "registry.household.principal_not_member": ProblemText(
        422,
        _("This person cannot be the principal applicant here."),
        _("The principal applicant is one of the household's own members."),
        _("Choose one of the members."),
    ),
    "registry.event.before_arrival": ProblemText(
        422,
        _("This day lies before the family's arrival."),
        _("The file begins with the arrival; what came before belongs to the story, not to the events."),
        _("Check the day, or correct the day of arrival."),
    ),
    "registry.consent.no_such_person": ProblemText(
        422,
        _("This consent belongs to nobody in the household."),
        _("It names a person who is not here."),
        _("Choose a person, or the whole household."),
    ),
    "registry.consent.no_recipient": ProblemText(
        422,
        _("Nobody is named who would receive the data."),
        _("Consent is given for one recipient at a time."),
        _("Choose the organisation."),
    ),
    "registry.consent.twice": ProblemText(
        422,
        _("This consent is recorded already."),
        _("One purpose and one recipient are agreed to once."),
        _("Nothing needs to be done, or choose another purpose or recipient."),
    ),
    "registry.consent.country_of_origin": ProblemText(
        422,
        _("Data never go to the country that people fled from."),
        _(
            "The law forbids it without written consent (Law on Refugees, Article 14(3)), and a signature can be forced."
        ),
        _("Choose another recipient."),
    ),
    "registry.consent.withdrawn_before_given": ProblemText(
        422,
        _("The consent would have been withdrawn before it was given."),
        _("One of the two dates is wrong."),
        _("Check the day."),
    ),
    "registry.photo.too_heavy": ProblemText(
        422,
        _("The photo is too heavy (%(megabytes)s MB)."),
        _("There is room for less than 50 MB."),
        _("Take it with a lower resolution."),
    ),
    "registry.photo.too_large": ProblemText(
        422,
        _("The photo has too many pixels."),
        _("It could not be opened without harm to the system."),
        _("Take it with a lower resolution."),
    ),
    "registry.photo.too_small": ProblemText(
        422,
        _("The photo is too small (%(width)s by %(height)s pixels)."),
        _("A face cannot be recognised on it."),
        _("Take it with a higher resolution."),
    ),
    "registry.photo.not_readable": ProblemText(
        422,
        _("This is not a photo that can be read."),
        _("It is damaged or cut short, or another kind of file than JPEG, PNG or WebP."),
        _("Choose another file, or take the photo once more."),
    ),
    "registry.search.empty": ProblemText(
        422,
        _("There is nothing to search for."),
        _("The question has no letter and no digit."),
        _("Type a name in any script, a number, or the number of a paper."),
    ),
    "registry.search.too_long": ProblemText(
        422,
        _("This is longer than any name."),
        _("A question has up to %(longest)s letters."),
        _("Type the name alone."),
    ),
    "registry.search.birth_year": ProblemText(
        422,
        _("Nobody was born in the year %(year)s."),
        _("The year is a Gregorian one, with four digits."),
        _("Check the year, or leave it empty."),
    ),
    "registry.search.sex": ProblemText(
        422,
        _("“%(sex)s” is no sex that can be searched for."),
        _("It is F or M; people whose sex is not known are found with either."),
        _("Choose one of the two, or leave it empty."),
    ),
    "registry.search.place": ProblemText(
        422,
        _("No place of the name “%(place)s” is known."),
        _("Places are those of the rulebook: countries, provinces and districts, in four languages."),
        _("Choose the province, or leave the place empty."),
    ),
    "registry.search.page": ProblemText(
        422, _("This page of results does not exist."), _("The address was changed or cut short."), _("Search again.")
    ),
    "registry.search.too_broad": ProblemText(
        422,
        _("Too many people have this name."),
        _("Looking through all of them would take too long."),
        _("Add another part of the name, the sex or the year of birth."),
    ),
}
"""Refusals of what was typed."""

WARNINGS = {
    "registry.warning.child_marriage": ProblemText(
        200,
        _("A child is entered as married."),
        _("The person is under %(majority)s years old."),
        _("Check the birth. If it is so, note the need “child who is a spouse” and tell the protection officer."),
    ),
    "registry.warning.children_alone": ProblemText(
        200,
        _("There is no adult in this household."),
        _("Everyone is under %(majority)s years old."),
        _("Check the births. If it is so, tell the protection officer today."),
    ),
    "registry.warning.parent_very_young": ProblemText(
        200,
        _("Parent and child are very close in age."),
        _("There are fewer than %(years)s years between them."),
        _("Check both births, and whether the relationship is another one."),
    ),
    "registry.warning.several_spouses": ProblemText(
        200,
        _("The principal applicant has %(count)s spouses here."),
        _("This may be so; it may also be a slip."),
        _("Check the relationships."),
    ),
    "registry.warning.birth_unknown": ProblemText(
        200,
        _("Nothing is known of the birth."),
        _("Whether the person is a child cannot be told."),
        _("Ask for an age, a season or an event; an estimate is better than nothing."),
    ),
    "registry.warning.paper_expired": ProblemText(
        200,
        _("This paper is no longer valid."),
        _("It still tells who somebody is."),
        _("Keep it, if the dates are right."),
    ),
    "registry.warning.paper_number_form": ProblemText(
        200,
        _("The number does not look like that of such a paper."),
        _("Papers of this kind have numbers of another form."),
        _("Compare it with the paper, and check the kind."),
    ),
    "registry.warning.paper_of_two": ProblemText(
        200,
        _("Person %(other)s has the same paper."),
        _("Children are sometimes written into a parent's paper."),
        _("Check the number, if this is not so."),
    ),
    "registry.warning.persons_alike": ProblemText(
        200,
        _("This person is very much like person %(other)s."),
        _("The names are nearly the same and the births can be, too."),
        _("Check whether somebody was entered twice."),
    ),
}
"""Not refusals: what should be looked at again before saving."""
