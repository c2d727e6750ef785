from django.urls import path

from panoh.demo import views

urlpatterns = [path("demo/enter/<slug:username>", views.enter_role, name="demo_enter")]
