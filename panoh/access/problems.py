"""The refusals of this room: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "access.start.done": ProblemText(
        409,
        _("This installation has members already."),
        _("The first administrator is made once."),
        _("Sign in as an administrator and add members on the page Members."),
    ),
    "access.account.not_signed_in": ProblemText(
        401,
        _("You are not signed in."),
        _("You have not signed in yet, or your session has ended."),
        _("Sign in and try again."),
    ),
    "access.verb.refused_role": ProblemText(
        403,
        _("You may not do this."),
        _("Your role does not include it."),
        _("Ask someone whose role includes it, or your administrator."),
    ),
    "access.verb.refused_purpose": ProblemText(
        403,
        _("You may not do this for the purpose you are working for."),
        _("The purpose of your work decides which files and acts are open to you."),
        _("Change the purpose at the top of the page if you have another one."),
    ),
    "access.verb.refused_custodian": ProblemText(
        403,
        _("You may read this file, but not change it."),
        _("Another organisation keeps it."),
        _("Ask the organisation that keeps the file to make the change."),
    ),
    "access.verb.refused_class": ProblemText(
        403,
        _("This part of the file is closed to you."),
        _("Your role or the sharing agreement does not include this kind of information."),
        _("Ask the organisation that keeps the file."),
    ),
    "access.thing.not_found": ProblemText(
        404,
        _("There is nothing here that you may see."),
        _("Either it does not exist, or it is not open to you; both look the same on purpose."),
        _("Check the number. If you need the file, ask the office that keeps it."),
    ),
    "access.question.unreadable": ProblemText(
        422,
        _("What was asked holds a sign that is no letter."),
        _(
            "Somewhere in the address stands the sign U+0000, which no text can hold. It comes in when a text is copied from a broken file."
        ),
        _("Type the words anew and search again."),
    ),
    "access.member.none": ProblemText(
        403,
        _("Your account belongs to no organisation at the moment."),
        _("Nobody has made you a member, or your membership has ended."),
        _("Ask your organisation's administrator."),
    ),
    "access.member.role_not_for_organisation": ProblemText(
        422,
        _("This role cannot be given in this kind of organisation."),
        _("Roles of the authority, of UN agencies and of partners are kept apart."),
        _("Choose another role."),
    ),
    "access.member.already": ProblemText(
        409,
        _("This account already has this role in this organisation on these days."),
        _("One account holds a role once at a time."),
        _("End the earlier membership first, or choose later days."),
    ),
    "access.member.ends_before_it_begins": ProblemText(
        422,
        _("The membership cannot end on that day."),
        _("It began on %(valid_from)s."),
        _("Enter a later day."),
    ),
    "access.member.ended": ProblemText(
        409,
        _("This membership has already ended."),
        _("It was ended before."),
        _("Give a new membership if the person returns."),
    ),
    "access.account.taken": ProblemText(
        409,
        _("This sign-in name is taken."),
        _("Each account has a name of its own."),
        _("Choose another name."),
    ),
    "access.account.own": ProblemText(
        409,
        _("This is your own sign-in."),
        _("Whoever could set her own sign-in anew would need no second factor."),
        _("Change your password on your own page, or ask another administrator."),
    ),
    "access.account.password_weak": ProblemText(
        422,
        _("This password is too weak."),
        "%(why)s",
        _("Choose a longer one that is not in a dictionary."),
    ),
    "access.organisation.code_taken": ProblemText(
        409,
        _("An organisation or office with this code or prefix exists already."),
        _("Codes and number prefixes are never used twice."),
        _("Choose another code."),
    ),
    "access.organisation.not_own": ProblemText(
        403,
        _("This belongs to another organisation."),
        _(
            "An administrator looks after the members, offices and sign-ins of his own organisation. Only a new organisation gets its first administrator from outside."
        ),
        _("Ask an administrator of that organisation."),
    ),
    "access.organisation.not_keeper": ProblemText(
        403,
        _("Your organisation brings no other into the register."),
        _("New organisations are brought in by the authority or by the United Nations."),
        _("Ask an administrator of one of them."),
    ),
    "access.agreement.not_giver": ProblemText(
        403,
        _("The files of another organisation cannot be opened by you."),
        _("An agreement is entered by an administrator of the organisation whose files it opens."),
        _("Ask an administrator of the organisation that gives."),
    ),
    "access.account.elsewhere": ProblemText(
        409,
        _("This person also works for another organisation."),
        _("Whoever sets a sign-in anew can act as its owner, there as well."),
        _("The person can set the password anew by mail, or the other membership is ended first."),
    ),
    "access.member.office_of_another": ProblemText(
        422,
        _("This office belongs to another organisation."),
        _("A member works in an office of the own organisation."),
        _("Choose an office of the organisation that you have chosen."),
    ),
    "access.assignment.ended": ProblemText(
        409,
        _("The file was taken back already."),
        _("A colleague did it a moment ago."),
        _("Load the page again to see who has the file."),
    ),
    "access.agreement.same_party": ProblemText(
        422,
        _("An agreement needs two organisations."),
        _("Giver and receiver are the same."),
        _("Choose another receiver."),
    ),
    "access.agreement.country_of_origin": ProblemText(
        422,
        _("Files may not be opened to an authority of another country."),
        _(
            "Information on people who seek protection may not reach the country they fled without their written consent (Law on Refugees, Art. 14)."
        ),
        _("Do not share the files. Ask the protection officer."),
    ),
    "access.agreement.dates": ProblemText(
        422,
        _("The agreement ends before it begins."),
        _("The last day must come after the first."),
        _("Correct the dates."),
    ),
    "access.agreement.no_purpose": ProblemText(
        422,
        _("The agreement names no purpose."),
        _("Files are opened for a purpose, never in general."),
        _("Choose at least one purpose."),
    ),
    "access.agreement.ended": ProblemText(
        409,
        _("This agreement has already ended."),
        _("It was ended before."),
        _("Sign a new agreement."),
    ),
    "access.override.no_reason": ProblemText(
        422,
        _("A reason is needed to open a file in an emergency."),
        _("The reason is kept and read by another person."),
        _("Write in a sentence what the danger is."),
    ),
    "access.override.own_review": ProblemText(
        403,
        _("You cannot review your own emergency access."),
        _("Another person must look at it."),
        _("Ask a colleague who may review."),
    ),
    "access.override.reviewed": ProblemText(
        409,
        _("This emergency access has been reviewed already."),
        _("It was reviewed before."),
        _("Nothing more is to be done."),
    ),
    "access.assignment.not_member": ProblemText(
        422,
        _("Nobody with this role can be given the file."),
        _("Files are given to lawyers and programme officers who are members today."),
        _("Choose another person."),
    ),
    "access.token.unknown": ProblemText(
        401,
        _("This token opens nothing."),
        _(
            "It is mistyped, was ended or has run out, or the password, the second step of signing in or the membership behind it has changed."
        ),
        _("Sign in and make a new token on the page “Access for programs”."),
    ),
    "access.token.too_often": ProblemText(
        429,
        _("This token was used too often."),
        _("A token may ask %(most)s times a minute."),
        _("Wait a minute and go on."),
    ),
    "access.token.days": ProblemText(
        422,
        _("The token cannot be valid until that day."),
        _("A token lives from tomorrow on for %(days)s days at most."),
        _("Choose an earlier or later day."),
    ),
    "access.account.no_second_factor": ProblemText(
        403,
        _("The second step of signing in is not set up."),
        _("A password alone does not open personal files."),
        _("Sign in on the pages and set up a passkey or an authenticator app."),
    ),
    "access.member.choose": ProblemText(
        403,
        _("It is not clear in which role you act."),
        _("Your account has several roles, and none has been chosen."),
        _("Choose the role on the pages, or use a token, which stands for one role."),
    ),
    "access.form.value": ProblemText(
        422,
        _("This entry is not right."),
        "%(why)s",
        _("Correct it and send again."),
    ),
}
