from django.urls import path

from exams.marking import correction_views, views

urlpatterns = [
    path("marking/", views.to_mark, name="to_mark"),
    path("office/<int:pk>/marking/", views.marking, name="marking"),
    path("office/<int:pk>/marking/next/<int:version>/", views.mark_next, name="mark_next"),
    path("office/<int:pk>/marking/<int:answer>/", views.mark, name="mark"),
    path("office/<int:pk>/corrections/", correction_views.corrections, name="corrections"),
    path("office/<int:pk>/corrections/<int:version>/", correction_views.correction, name="correction"),
    path("corrections/regraded/<int:pk>/", correction_views.regraded, name="regraded"),
]
