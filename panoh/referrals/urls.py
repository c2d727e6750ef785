from django.urls import path

from panoh.referrals.views import acts, referrals, sending

urlpatterns = [
    path("referrals", referrals.referrals, name="referrals"),
    path("households/<str:number>/referrals/new", sending.send, name="referral_send"),
    path("referrals/<str:number>", referrals.referral, name="referral"),
    path("referrals/<str:number>/slip.pdf", referrals.slip, name="referral_slip"),
    path("referrals/<str:number>/accept", acts.accept, name="referral_accept"),
    path("referrals/<str:number>/decline", acts.decline, name="referral_decline"),
    path("referrals/<str:number>/note", acts.note, name="referral_note"),
    path("referrals/<str:number>/return", acts.give_back, name="referral_return"),
    path("referrals/<str:number>/withdraw", acts.withdraw, name="referral_withdraw"),
    path("referrals/<str:number>/close", acts.close, name="referral_close"),
]
